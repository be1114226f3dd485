import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import type { AwsCall } from '../aws/aws-call.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../aws/aws-endpoint.ts';

closeIterators();

/**
 * DynamoDB in memory, by dynalite. It has tables and conditions, but no time to live (see `TableResources`), no
 * point-in-time recovery, no transactions, no PartiQL, and it does not return the item of a failed condition.
 */
export function startEmbeddedDynamoDb(
  onCall: (call: AwsCall) => void,
  refuse?: AwsEndpointOptions['refuse'],
): Promise<AwsEndpoint> {
  // dynalite keeps each key and each item in a buffer. Small buffers are by default parts of larger ones, which stay in memory
  // as long as one of their parts: 8 KB for an item of 200 bytes.
  Buffer.poolSize = 0;
  const [serve] = dynalite({ createTableMs: 0 }).listeners('request');
  if (serve === undefined)
    throw new Error('dynalite has no request listener any more: see its release notes');
  return startAwsEndpoint({
    onCall,
    refuse,
    answer: ({ request, body, response }) => {
      serve(replay(request, body), response);
    },
  });
}

/** Iterates over what was in the store when it began, and keeps it in memory until it is closed. */
interface ValueIterator {
  return?: () => Promise<void>;
  close(): Promise<void>;
}

/**
 * Closes the iterator of each query and scan. dynalite 4.0 does so by a method `return`, which the iterators of its store do
 * not have: each would keep the items of its time, also those that are deleted later.
 */
function closeIterators(): void {
  const { MemoryLevel } = createRequire(createRequire(import.meta.url).resolve('dynalite'))('memory-level');
  const store: { values(options: unknown): ValueIterator } = MemoryLevel.prototype;
  const { values } = store;
  store.values = function (options) {
    const iterator = values.call(this, options);
    iterator.return ??= () => iterator.close();
    return iterator;
  };
}

/** The request as a new stream, because its body has been read already. */
function replay({ headers, method, url }: IncomingMessage, body: Buffer): object {
  return Object.assign(Readable.from([body]), { headers, method, url });
}
