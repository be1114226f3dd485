/** A service of AWS that is called by JSON. */
export interface AwsService<Name extends string = string> {
  /** Its name in endpoints, signatures and `AWS_ENDPOINT_URL_…`. */
  readonly name: Name;
  /** Stands before the action in the header `X-Amz-Target`. */
  readonly target: string;
  readonly jsonVersion: '1.0' | '1.1';
  /** The fields of responses that are bytes. */
  readonly byteFields: readonly string[];
}

/**
 * A request to a service of AWS. Commands have the names, inputs and outputs of those of the AWS SDK.
 *
 * @template Output what `send` returns
 */
export abstract class AwsCommand<Service extends string, Input extends object, Output> {
  abstract readonly service: Service;
  abstract readonly action: string;
  readonly input: Input;
  /** Only a type. */
  declare readonly output: Output;

  constructor(input: Input) {
    this.input = input;
  }
}

/** Any command of a service. */
export type AnyCommand<Service extends string, Output = unknown> = AwsCommand<Service, object, Output>;

export interface SendOptions {
  /** No request begins or is repeated once this is aborted, and one that is under way rejects with its reason. */
  readonly abortSignal?: AbortSignal;
}

/** The part of an AWS client that the adapters use. */
export interface AwsSender<Service extends string> {
  send<Output>(command: AnyCommand<Service, Output>, options?: SendOptions): Promise<Output>;
}

/**
 * Finds a service as the AWS SDK does: at `AWS_ENDPOINT_URL_<SERVICE>`, at `AWS_ENDPOINT_URL`, or else at its public
 * endpoint in the region.
 *
 * @throws Error if the environment names no region, or requires other endpoints
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function findEndpoint(service: AwsService, environment: NodeJS.ProcessEnv): URL {
  const configured =
    environment[`AWS_ENDPOINT_URL_${service.name.toUpperCase()}`] || environment['AWS_ENDPOINT_URL'];
  if (configured) return new URL(configured);
  for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']) {
    if (environment[name] === 'true') {
      throw new Error(`${name} is not supported: set AWS_ENDPOINT_URL_${service.name.toUpperCase()} instead`);
    }
  }
  return new URL(`https://${service.name}.${readRegion(environment)}.amazonaws.com`);
}

/** @throws Error if there is none */
export function readRegion({ AWS_REGION: region }: NodeJS.ProcessEnv): string {
  if (!region) throw new Error('AWS_REGION is not set');
  return region;
}
