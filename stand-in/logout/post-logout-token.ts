import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How long the relying party may take to respond. */
const timeoutMilliseconds = 15_000;

/**
 * Sends a logout token as One Login does, as the only field of a form.
 *
 * @param signal aborts the request
 * @returns the status of the response
 * @throws Error when there is none within 15 s
 */
export function postLogoutToken(url: string, token: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const body = `logout_token=${token}`;
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      },
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeoutMilliseconds} ms`)),
      timeoutMilliseconds,
    );
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.on('close', () => clearTimeout(timer));
    request.end(body);
  });
}
