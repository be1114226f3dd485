import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccessControl } from '../iam/access-control.ts';
import type { CreatedResource, ResourceHandlers, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { LocalFunction } from './local-function.ts';
import type { FunctionIdentity, WorkerStart } from './worker-messages.ts';

/** The URLs at which a function finds AWS. */
export interface EndpointUrls {
  readonly dynamodb: string;
  readonly kms: string;
  /** The endpoint of every other service, so that no call leaves the machine. */
  readonly others: string;
}

export interface FunctionResourcesOptions {
  readonly registry: FunctionRegistry;
  readonly endpoints: EndpointUrls;
  readonly access: AccessControl;
  /** @default the function's logical id, by which the embedded endpoints identify their callers */
  readonly accessKeyId?: string;
  /** Finds the bundle of an asset by the key under which it would be uploaded. */
  readonly assetPath: (objectKey: string) => string | undefined;
  readonly reroute?: WorkerStart['reroute'];
  /** Called with each line that a function writes. */
  readonly onLine: (logicalId: string, line: string) => void;
}

/**
 * How many events a function handles at once. Lambda would start more execution environments. Here further events wait:
 * each environment is a thread with tens of megabytes, and more threads than processors make all of them slower.
 */
const maximumWorkers = 4;

/** Creates the template's functions, each of which starts with its first event. */
export function functionResourceHandlers(options: FunctionResourcesOptions): ResourceHandlers {
  return { 'AWS::Lambda::Function': (resource) => createFunction(resource, options) };
}

async function createFunction(
  resource: ResourceRequest,
  options: FunctionResourcesOptions,
): Promise<CreatedResource> {
  const { logicalId, properties, stack } = resource;
  properties.ignore('Architectures', 'Description');
  properties.oneOf('Runtime', ['nodejs24.x']);
  const handler = properties.string('Handler');
  const codeDirectory = findCode(properties.object('Code'), options.assetPath);
  // CloudFormation's names have up to 64 characters too, the last 12 of them random.
  const name = `${`${stack.name}-${logicalId}`.slice(0, 51)}-${randomBytes(6).toString('hex')}`;
  const arn = `arn:${stack.partition}:lambda:${stack.region}:${stack.accountId}:function:${name}`;
  const identity = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(properties.number('MemorySize')),
    logGroupName: readLogGroup(properties.object('LoggingConfig')),
    logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`,
  };
  const created = new LocalFunction({
    logicalId,
    identity,
    ...findEntry(properties, handler, codeDirectory),
    reroute: options.reroute,
    environment: {
      ...buildRuntimeVariables(identity, stack.region),
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: codeDirectory,
      ...properties.optionalObject('Environment')?.stringMap('Variables'),
      ...buildSdkVariables(options.endpoints, options.accessKeyId ?? logicalId),
    },
    timeout: properties.number('Timeout') * 1000,
    maximumConcurrency: Math.min(
      properties.optionalNumber('ReservedConcurrentExecutions') ?? maximumWorkers,
      maximumWorkers,
    ),
    onLine: (line) => options.onLine(logicalId, line),
    onStart: () => options.access.openLog(logicalId, identity.logGroupName),
  });
  options.registry.add(created);
  await options.access.assign(logicalId, properties.string('Role'));
  return { ref: name, attributes: { Arn: arn } };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function buildRuntimeVariables(identity: FunctionIdentity, region: string) {
  return {
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: identity.memoryLimitInMB,
    AWS_LAMBDA_FUNCTION_NAME: identity.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: identity.functionVersion,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: identity.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: identity.logStreamName,
    AWS_REGION: region,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}

/** They keep the AWS SDK on this machine, and the developer's own configuration and credentials out. */
function buildSdkVariables(endpoints: EndpointUrls, accessKeyId: string) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoints.others,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
  };
}

/** The format of Lambda's own lines has no effect: there are none here. */
function readLogGroup(logging: PropertyReader): string {
  logging.ignore('LogFormat', 'SystemLogLevel');
  return logging.string('LogGroup');
}

function findCode(code: PropertyReader, assetPath: FunctionResourcesOptions['assetPath']): string {
  code.ignore('S3Bucket');
  const key = code.string('S3Key');
  return assetPath(key) ?? code.fail('S3Key', `${key} is not an asset of the assembly`);
}

function findEntry(properties: PropertyReader, handler: string, codeDirectory: string) {
  const [module, exportName = ''] = handler.split('.');
  const file = path.join(codeDirectory, `${module}.mjs`);
  if (!existsSync(file)) return properties.fail('Handler', `${handler}: the bundle has no ${module}.mjs`);
  return { moduleUrl: pathToFileURL(file).href, exportName };
}
