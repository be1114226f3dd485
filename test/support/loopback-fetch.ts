import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/**
 * A `fetch` for this machine only. Like Chromium it finds every name below `localhost` here, which Node does not.
 *
 * @param ca the only certificate to trust, in PEM
 */
export function createLoopbackFetch(ca?: string): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(String(input));
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const body = init.body?.toString();
    const headers = new Headers(init.headers);
    if (body !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded');
    const request = send(url, {
      ca,
      agent: false,
      method: init.method,
      headers: Object.fromEntries(headers),
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const [response]: IncomingMessage[] = await once(request.end(body), 'response');
    if (response === undefined) throw new Error('there is no response');
    const received = new Headers();
    for (const [name, values = []] of Object.entries(response.headersDistinct)) {
      for (const value of values) received.append(name, value);
    }
    const status = response.statusCode ?? 0;
    const content = await text(response);
    return new Response([204, 304].includes(status) ? null : content, { status, headers: received });
  };
}
