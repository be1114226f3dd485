import type { FunctionIdentity } from './worker-messages.ts';

/** The URLs at which a function finds AWS. */
export interface EndpointUrls {
  readonly dynamodb: string;
  readonly kms: string;
  /** Of every other service, so that no call leaves the machine. */
  readonly others: string;
  /** An empty file in place of the developer's AWS configuration and credentials. */
  readonly emptyConfigFile: string;
}

export interface FunctionEnvironmentOptions {
  readonly identity: FunctionIdentity;
  readonly handler: string;
  readonly codeDirectory: string;
  readonly region: string;
  readonly endpoints: EndpointUrls;
  /** The access key, by which local endpoints identify the caller. */
  readonly accessKeyId: string;
  /** From the template. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The environment of a function: the variables of Lambda's runtime, then the template's, then those that keep the AWS
 * SDK on this machine.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function buildFunctionEnvironment(options: FunctionEnvironmentOptions): Record<string, string> {
  const { identity, handler, codeDirectory, region, endpoints, accessKeyId, variables } = options;
  return {
    _HANDLER: handler,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: identity.memoryLimitInMB,
    AWS_LAMBDA_FUNCTION_NAME: identity.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: identity.functionVersion,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: identity.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: identity.logStreamName,
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: codeDirectory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...variables,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_CONFIG_FILE: endpoints.emptyConfigFile,
    AWS_SHARED_CREDENTIALS_FILE: endpoints.emptyConfigFile,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoints.others,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
  };
}
