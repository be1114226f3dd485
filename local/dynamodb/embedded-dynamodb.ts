import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { AwsCall } from '../aws/aws-call.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../aws/aws-endpoint.ts';

adaptStore();
const { default: dynalite } = await import('dynalite');

/**
 * DynamoDB in memory, by dynalite. It has tables and conditions, but no time to live (see `TableResources`), no
 * point-in-time recovery, no transactions, no PartiQL, and it does not return the item of a failed condition.
 */
export function startEmbeddedDynamoDb(
  onCall: (call: AwsCall) => void,
  refuse?: AwsEndpointOptions['refuse'],
): Promise<AwsEndpoint> {
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

type Store = new (options: object) => { values(options: unknown): ValueIterator };

/**
 * Lets dynalite 4.0 use less memory:
 * - its store keeps keys and items as text. By default each is a buffer, and V8 frees buffers late
 * - its queries and scans close their iterators. dynalite calls `return`, which they do not have. Each would keep the items of
 *   its time, also those that are deleted later
 */
function adaptStore(): void {
  const exports: { MemoryLevel: Store } = createRequire(createRequire(import.meta.url).resolve('dynalite'))(
    'memory-level',
  );
  const { MemoryLevel } = exports;
  exports.MemoryLevel = class extends MemoryLevel {
    constructor(options: object) {
      super({ ...options, storeEncoding: 'utf8' });
    }
    override values(options: unknown): ValueIterator {
      const iterator = super.values(options);
      iterator.return ??= () => iterator.close();
      return iterator;
    }
  };
}

/** The request as a new stream, because its body has been read already. */
function replay({ headers, method, url }: IncomingMessage, body: Buffer): object {
  return Object.assign(Readable.from([body]), { headers, method, url });
}
