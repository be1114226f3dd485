import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { observeTls, type TlsObservation } from './tls-observation.ts';

export interface Probe {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A response. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. A repeated header has several values. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** The same, undecoded. */
  readonly bytes: Buffer;
  /** From the start of the connection to the end of the response. */
  readonly milliseconds: number;
  /** When it arrived, by this machine's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** A response, or why there is none. */
export type Exchange = { readonly url: string } & (
  | { readonly answer: Answer }
  | { readonly failure: string }
);

/** How the doctor sends requests. */
export interface Transport {
  /** Never throws: a failure is part of the exchange. */
  send(probe: Probe): Promise<Exchange>;
  /** Reads the certificate and the versions of TLS of an https URL. */
  tls(url: string): Promise<TlsObservation>;
}

export interface NetworkOptions {
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** Milliseconds from a fixed moment, never set back. @default the system's */
  readonly stopwatch?: () => number;
}

/** The longest time for a response, in milliseconds. */
const timeout = 10_000;

/** Sends each request over a new connection, as One Login does, and does not follow redirects. */
export function createNetwork(options: NetworkOptions = {}): Transport {
  const { now = Date.now, stopwatch = () => performance.now() } = options;
  return {
    send: async (probe) => {
      const started = stopwatch();
      try {
        const { status, headers, bytes } = await exchange(probe);
        const milliseconds = Math.round(stopwatch() - started);
        return {
          url: probe.url,
          answer: { status, headers, body: bytes.toString(), bytes, milliseconds, at: now() },
        };
      } catch (error) {
        return { url: probe.url, failure: describeFailure(error) };
      }
    },
    tls: observeTls,
  };
}

type Content = Pick<Answer, 'status' | 'headers' | 'bytes'>;

function exchange({ method, url, headers = {}, body }: Probe): Promise<Content> {
  const { promise, resolve, reject } = Promise.withResolvers<Content>();
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeout);
  const outgoing = send(url, { method, agent: false, signal, headers }, (response) => {
    const answer = {
      status: response.statusCode ?? 0,
      headers: response.headersDistinct as Answer['headers'],
    };
    buffer(response).then((bytes) => resolve({ ...answer, bytes }), reject);
  });
  outgoing.on('error', reject).end(body);
  return promise;
}

function describeFailure(error: unknown): string {
  const { name, code, message }: { name?: unknown; code?: unknown; message?: unknown } = Object(error);
  if (name === 'AbortError' || name === 'TimeoutError') return `no response within ${timeout / 1000} s`;
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(' ') || String(error);
}
