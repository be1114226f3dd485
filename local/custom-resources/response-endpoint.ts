import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { listenInternally } from '../loopback-server.ts';

/** The answer of a custom resource, not validated yet. */
export type CustomResourceAnswer = Readonly<Record<string, unknown>>;

/** An address to which a custom resource can send one answer. */
export interface ResponseSlot {
  readonly url: string;
  /** Resolves with the answer; rejects when it is not a JSON object. */
  readonly answer: Promise<CustomResourceAnswer>;
  /** Stops expecting an answer. */
  release(): void;
}

export interface ResponseEndpoint {
  expect(): ResponseSlot;
  close(): Promise<void>;
}

/** Receives the answers of custom resources, in place of the S3 bucket of CloudFormation's ResponseURL. */
export async function startResponseEndpoint(): Promise<ResponseEndpoint> {
  const slots = new Map<string, (body: string) => void>();
  const server = await listenInternally(async (request, response) => {
    const deliver = slots.get(request.url ?? '');
    if (request.method !== 'PUT' || !deliver) {
      response.writeHead(403).end();
      return;
    }
    slots.delete(request.url ?? '');
    deliver(await text(request));
    response.writeHead(200).end();
  });
  return {
    expect: () => {
      const path = `/${randomUUID()}?X-Amz-Signature=${randomUUID()}`;
      const { promise, resolve, reject } = Promise.withResolvers<CustomResourceAnswer>();
      slots.set(path, (body) => {
        try {
          resolve(parse(body));
        } catch (error) {
          reject(error);
        }
      });
      return { url: `${server.url}${path}`, answer: promise, release: () => slots.delete(path) };
    },
    close: () => server.close(),
  };
}

function parse(body: string): CustomResourceAnswer {
  if (Buffer.byteLength(body) > 4096) throw new Error('its answer is longer than 4,096 bytes');
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null) throw new Error('its answer is not a JSON object');
  return { ...answer };
}
