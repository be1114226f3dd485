import type { HttpResponse } from '../http/exchange.ts';
import { readAwsJson } from './aws-json.ts';

/** The names with which DynamoDB and KMS refuse a request because there are too many. */
const throttlingErrors =
  /^(Throttl|RequestLimitExceeded|ProvisionedThroughputExceeded|LimitExceeded|TooManyRequests)/;

/**
 * A response of AWS that is an error. Its name is that of AWS's documentation, as with the SDK, or `Http502` for a response
 * that has none.
 */
export class AwsError extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  /** When AWS has responded, in milliseconds since the epoch by its clock. NaN if the response has no time. */
  readonly date: number;

  constructor(name: string, message: string, { status, headers }: Pick<HttpResponse, 'status' | 'headers'>) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
    this.date = Date.parse(headers['date'] ?? '');
  }

  /** Whether there were too many requests. */
  get isThrottling(): boolean {
    return this.$metadata.httpStatusCode === 429 || throttlingErrors.test(this.name);
  }

  /** Whether the same request may succeed. */
  get isTransient(): boolean {
    return this.isThrottling || this.$metadata.httpStatusCode >= 500;
  }
}

/**
 * Reads the error of a response. After the first line of its message AWS may quote the request with its session token, so
 * that is left out.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
 */
export function readAwsError(response: HttpResponse): AwsError {
  const { status, headers, body } = response;
  const { __type, message, Message } = readAwsJson(body, []) ?? {};
  const type = String(__type ?? headers['x-amzn-errortype'] ?? '');
  const name = /(?:^|#)(\w{1,100})(?:[:,]|$)/.exec(type)?.[1] ?? `Http${status}`;
  const [firstLine = ''] = String(message ?? Message ?? '').split('\n');
  return new AwsError(name, firstLine.slice(0, 500), response);
}
