import { request as httpsRequest } from 'node:https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isLoopback } from '../core/urls.ts';

/** How the work on a custom resource went. */
export type CloudFormationOutcome =
  | {
      readonly status: 'SUCCESS';
      readonly physicalResourceId: string;
      readonly data?: Readonly<Record<string, string>>;
    }
  | { readonly status: 'FAILED'; readonly physicalResourceId: string; readonly reason: string };

/** How hard to try. */
export interface DeliveryOptions {
  /** Milliseconds for one try, from the connection to the end of the answer. @default 10000 */
  readonly timeout?: number;
  /** Milliseconds to wait before each further try. @default 500, then 2000 */
  readonly pauses?: readonly number[];
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** CloudFormation refuses answers above 4,096 bytes; a reason need not be long to be understood. */
const longestReason = 1000;

/**
 * Tells CloudFormation how a custom resource went, by a PUT to the pre-signed address in the event: over https, or
 * http for loopback, where the local environment plays CloudFormation.
 *
 * @throws Error when the answer could not be delivered after three tries; names the host, never the address, which
 *   is a credential
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
  const send = await transportFor(url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: 'PUT',
        // The signature of the address covers an empty content type.
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
      reject(new Error(`CloudFormation's answer could not be put to ${url.host}: ${error.name}`)),
    );
    outgoing.end(body);
  });
  if (status === undefined || status >= 300) {
    throw new Error(`CloudFormation's answer could not be put to ${url.host}: status ${status}`);
  }
}

async function transportFor(url: URL): Promise<typeof httpsRequest> {
  if (url.protocol === 'https:') return httpsRequest;
  if (url.protocol === 'http:' && isLoopback(url)) return (await import('node:http')).request;
  throw new Error(`CloudFormation's answer goes over https, not to ${url.host} over ${url.protocol}`);
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
