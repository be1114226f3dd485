import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { observeTls, type TlsObservation } from './tls-observation.ts';

export interface Probe {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; a header that came more than once has more than one value. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** From the beginning of the connection to the end of the answer. */
  readonly milliseconds: number;
  /** When it came by this machine's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** An answer, or why there is none. */
export type Exchange = { readonly url: string } & (
  | { readonly answer: Answer }
  | { readonly failure: string }
);

/** How the doctor reaches what it examines. */
export interface Transport {
  /** Never fails: what went wrong is part of the exchange. */
  send(probe: Probe): Promise<Exchange>;
  /** Looks at the certificate and the versions of TLS; only for https URLs. */
  tls(url: string): Promise<TlsObservation>;
}

export interface NetworkOptions {
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** Milliseconds since any moment, never set back. @default the system's */
  readonly stopwatch?: () => number;
}

/** After that many milliseconds without an answer there is none. */
const timeout = 10_000;

/**
 * Asks over the network: each time by a new connection, as One Login does, and without following redirects.
 */
export function createNetwork(options: NetworkOptions = {}): Transport {
  const { now = Date.now, stopwatch = () => performance.now() } = options;
  return {
    send: async (probe) => {
      const started = stopwatch();
      try {
        const { status, headers, body } = await exchange(probe);
        const milliseconds = Math.round(stopwatch() - started);
        return { url: probe.url, answer: { status, headers, body, milliseconds, at: now() } };
      } catch (error) {
        return { url: probe.url, failure: describe(error) };
      }
    },
    tls: observeTls,
  };
}

function exchange({
  method,
  url,
  headers,
  body,
}: Probe): Promise<Pick<Answer, 'status' | 'headers' | 'body'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<Answer, 'status' | 'headers' | 'body'>>();
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeout);
  const outgoing = send(
    url,
    { method, agent: false, signal, ...(headers ? { headers } : {}) },
    (response) => {
      buffer(response).then(
        (content) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headersDistinct as Record<string, string[]>,
            body: content.toString(),
          }),
        reject,
      );
    },
  );
  outgoing.on('error', reject).end(body);
  return promise;
}

function describe(error: unknown): string {
  const { name, code, message }: { name?: unknown; code?: unknown; message?: unknown } = Object(error);
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(' ') || String(error);
}
