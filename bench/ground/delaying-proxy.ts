import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Certificate } from '../../local/certificate.ts';
import { type Listener, listenOnLoopback } from '../../stand-in/server/listen.ts';

/** What the proxy does with one request. */
export interface Treatment {
  /** Milliseconds from the request until the response. */
  readonly delay: number;
  /** Whether the connection ends with the response. */
  readonly close: boolean;
}

/** With this header the proxy itself responds, with that many bytes, after that many milliseconds. */
export const holdHeader = 'x-bench-hold';

/**
 * Terminates TLS in front of a service, and returns each response a fixed time after the request came, however long the service
 * took, unless it took longer.
 *
 * @param target the service's URL, read with each request
 * @param treat called with each request
 */
export function startDelayingProxy(
  target: () => string,
  certificate: Certificate,
  treat: (request: IncomingMessage) => Treatment,
): Promise<Listener> {
  const agent = new Agent({ keepAlive: true });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now();
    const held = /^([\d.]+),(\d+)$/.exec(String(request.headers[holdHeader] ?? ''));
    const { delay, close } = held ? { delay: Number(held[1]), close: false } : treat(request);
    const body = await buffer(request);
    const upstream = held
      ? { status: 200, headers: {}, body: Buffer.alloc(Number(held[2]), ' ') }
      : await forward(agent, target(), request, body);
    await waitUntil(began + delay);
    const closing = close || request.headers['x-bench-close'] !== undefined;
    response.writeHead(upstream.status, {
      ...upstream.headers,
      'content-length': upstream.body.length,
      ...(closing ? { connection: 'close' } : {}),
    });
    response.end(upstream.body);
  };
  return listenOnLoopback(
    'localhost',
    0,
    (request, response) => void answer(request, response).catch(() => response.destroy()),
    { certificate, keepAliveTimeout: 600_000 },
  );
}

async function forward(agent: Agent, target: string, request: IncomingMessage, body: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { 'transfer-encoding': _, ...headers } = request.headers;
  const outgoing = send(
    new URL(request.url ?? '/', target),
    {
      method: request.method,
      agent,
      headers: { ...headers, connection: 'keep-alive', 'content-length': body.length },
    },
    resolve,
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  const response = await promise;
  const { connection, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = response.headers;
  return { status: response.statusCode ?? 502, headers: kept, body: await buffer(response) };
}

/** Waits more exactly than a timer, which may be a millisecond late. */
async function waitUntil(time: number): Promise<void> {
  const remaining = time - performance.now();
  if (remaining > 2) await setTimeout(remaining - 2);
  while (performance.now() < time) await setImmediate();
}
