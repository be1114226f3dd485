import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { AwsCall } from '../aws/aws-call.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../aws/aws-endpoint.ts';

closeIterators();
const { default: dynalite } = await import('dynalite');

/**
 * DynamoDB by dynalite. It has tables and conditions, but no time to live (see `TableResources`), no
 * point-in-time recovery, no transactions, no PartiQL, and it does not return the item of a failed condition.
 *
 * @param path the directory of the tables, which must be empty. By default they are in memory
 */
export function startEmbeddedDynamoDb(
  onCall: (call: AwsCall) => void,
  refuse?: AwsEndpointOptions['refuse'],
  path?: string,
): Promise<AwsEndpoint> {
  const [serve] = dynalite({ createTableMs: 0, path }).listeners('request');
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

/** Iterates over what was in the store when it began, and keeps it until it is closed. */
interface ValueIterator {
  return?: () => Promise<void>;
  close(): Promise<void>;
}

interface Store {
  values(options: unknown): ValueIterator;
}

/**
 * Lets the queries and scans of dynalite 4.0 close their iterators. dynalite calls `return`, which they do not have. Each would
 * keep the items of its time, also those that are deleted later.
 */
function closeIterators(): void {
  // dynalite depends on `level`: other package managers than npm do not find more from there.
  const { Level }: { Level: new () => Store } = createRequire(
    createRequire(import.meta.url).resolve('dynalite'),
  )('level');
  // A table is a sublevel of a store on disk or in memory. They all have this base class.
  const { prototype }: { prototype: Store } = Object.getPrototypeOf(Level);
  const { values } = prototype;
  prototype.values = function (options) {
    const iterator = values.call(this, options);
    iterator.return ??= () => iterator.close();
    return iterator;
  };
}

/** The request as a new stream, because its body has been read already. */
function replay({ headers, method, url }: IncomingMessage, body: Buffer): object {
  return Object.assign(Readable.from([body]), { headers, method, url });
}
