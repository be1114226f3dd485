import type { IncomingHttpHeaders } from 'node:http';

/** A call to an AWS service. */
export interface AwsCall {
  /** From the signature's scope, such as `dynamodb`. */
  readonly service: string;
  /** Such as `PutItem`; empty when the protocol does not contain it. */
  readonly action: string;
  /** The logical id of the function that called, which is its access key here. */
  readonly caller: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly input: unknown;
}

/**
 * Reads the caller, the service and the action from a signed request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readAwsCall(headers: IncomingHttpHeaders, body: string): AwsCall {
  const scope = /Credential=([^/,]+)\/\d+\/[^/]+\/([^/,]+)\//.exec(headers.authorization ?? '');
  const target = String(headers['x-amz-target'] ?? '');
  return {
    service: scope?.[2] ?? 'unknown',
    action: target.slice(target.lastIndexOf('.') + 1),
    caller: scope?.[1] ?? 'unknown',
    input: parse(body),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
