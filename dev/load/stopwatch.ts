import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Answer, Exchange, Probe } from '../../bin/doctor/transport.ts';

/** The longest time for a response, in milliseconds: as long as API Gateway waits. */
const timeout = 29_000;

/** Sends requests over connections that stay open, as browsers do, and records how long each response took. */
export class Stopwatch {
  /** Milliseconds of each response, by method and path. */
  readonly times = new Map<string, number[]>();

  async send(probe: Probe): Promise<Exchange> {
    const { url, method } = probe;
    try {
      const answer = await exchange(probe);
      const route = `${method} ${new URL(url).pathname}`;
      const known = this.times.get(route);
      if (known) known.push(answer.milliseconds);
      else this.times.set(route, [answer.milliseconds]);
      return { url, answer };
    } catch (error) {
      return { url, failure: String(error) };
    }
  }
}

function exchange({ method, url, headers = {}, body }: Probe): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const started = performance.now();
  const outgoing = send(url, { method, headers, signal: AbortSignal.timeout(timeout) }, async (response) => {
    try {
      const bytes = await buffer(response);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headersDistinct as Answer['headers'],
        body: bytes.toString(),
        bytes,
        milliseconds: performance.now() - started,
        at: Date.now(),
      });
    } catch (error) {
      reject(error);
    }
  });
  outgoing.on('error', reject).end(body);
  return promise;
}
