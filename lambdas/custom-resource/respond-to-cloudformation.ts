import { request as httpsRequest } from 'node:https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isLoopback } from '../core/urls.ts';

export type CloudFormationOutcome =
  | {
      readonly status: 'SUCCESS';
      readonly physicalResourceId: string;
      readonly data?: Readonly<Record<string, string>>;
    }
  | { readonly status: 'FAILED'; readonly physicalResourceId: string; readonly reason: string };

export interface DeliveryOptions {
  /** Milliseconds for one try, until the end of the response. @default 10000 */
  readonly timeout?: number;
  /** Milliseconds to wait before each further try. @default 500, then 2000 */
  readonly pauses?: readonly number[];
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** CloudFormation refuses responses above 4,096 bytes. */
const longestReason = 1000;

/**
 * Sends the result of a custom resource to CloudFormation by a PUT to the pre-signed URL in the event, over https, or http for
 * loopback, which the local environment uses.
 *
 * @throws Error when the response could not be sent after three tries. It names the host, never the URL, which is a credential
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function respondToCloudFormation(
  event: CloudFormationCustomResourceEvent,
  outcome: CloudFormationOutcome,
  options: DeliveryOptions = {},
): Promise<void> {
  const { timeout = 10_000, pauses = [500, 2000], wait = delay } = options;
  const url = new URL(event.ResponseURL);
  const body = JSON.stringify({
    Status: outcome.status,
    PhysicalResourceId: outcome.physicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    ...(outcome.status === 'FAILED'
      ? { Reason: outcome.reason.slice(0, longestReason) }
      : { Data: outcome.data ?? {} }),
  });
  for (const pause of pauses) {
    try {
      return await put(url, body, timeout);
    } catch {
      await wait(pause);
    }
  }
  await put(url, body, timeout);
}

async function put(url: URL, body: string, timeout: number): Promise<void> {
  const send = await chooseTransport(url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: 'PUT',
        // The signature of the URL covers an empty content type.
        headers: { 'Content-Type': '', 'Content-Length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(timeout),
        agent: false,
      },
      (response) => {
        response.on('end', () => resolve(response.statusCode));
        response.on('error', reject);
        response.resume();
      },
    );
    outgoing.on('error', (error) =>
      reject(new Error(`the response to CloudFormation could not be put to ${url.host}: ${error.name}`)),
    );
    outgoing.end(body);
  });
  if (status === undefined || status >= 300) {
    throw new Error(`the response to CloudFormation could not be put to ${url.host}: status ${status}`);
  }
}

async function chooseTransport(url: URL): Promise<typeof httpsRequest> {
  if (url.protocol === 'https:') return httpsRequest;
  if (url.protocol === 'http:' && isLoopback(url)) return (await import('node:http')).request;
  throw new Error(
    `the response to CloudFormation must go over https, not to ${url.host} over ${url.protocol}`,
  );
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
