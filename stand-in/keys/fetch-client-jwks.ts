import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ClientJwtError } from './client-jwt-error.ts';

/** The limits of One Login's library for a JWKS URL (docs/one-login.md, 2). */
const fetchLimits = { connectMilliseconds: 500, readMilliseconds: 500, bytes: 50 * 1024 } as const;

/**
 * Fetches the service's JWKS as One Login does: 500 ms to connect, 500 ms for each read, 50 KB, one retry.
 * Redirects are not followed.
 *
 * @throws ClientJwtError
 */
export async function fetchClientJwks(url: string): Promise<string> {
  try {
    return await fetchOnce(url);
  } catch (first) {
    try {
      return await fetchOnce(url);
    } catch (second) {
      throw new ClientJwtError(
        'key_unavailable',
        `${url} failed twice: first ${(first as Error).message}, then ${(second as Error).message}`,
      );
    }
  }
}

function fetchOnce(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: false,
      headers: { accept: 'application/json', 'user-agent': 'one-login-stand-in' },
    });
    const fail = (message: string) => request.destroy(new Error(message));
    const connecting = setTimeout(
      () => fail(`no connection within ${fetchLimits.connectMilliseconds} ms`),
      fetchLimits.connectMilliseconds,
    );
    request.on('socket', (socket) => {
      socket.once(url.startsWith('https:') ? 'secureConnect' : 'connect', () => {
        clearTimeout(connecting);
        socket.setTimeout(fetchLimits.readMilliseconds, () =>
          fail(`nothing to read within ${fetchLimits.readMilliseconds} ms`),
        );
      });
    });
    request.on('error', (error) => {
      clearTimeout(connecting);
      reject(error);
    });
    request.on('response', (response) => readBody(response).then(resolve, reject));
    request.end();
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`the status is ${response.statusCode}, not 200`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > fetchLimits.bytes) throw new Error(`the body is larger than ${fetchLimits.bytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
