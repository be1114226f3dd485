import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readText } from '../server/message.ts';

/** The limits of One Login's library for a JWKS URL (docs/one-login.md, 2). */
const limits = { milliseconds: 500, bytes: 50 * 1024 } as const;

/**
 * Fetches the service's JWKS as One Login does: 500 ms to connect, 500 ms for each read, 50 KB, one retry.
 * Redirects are not followed.
 *
 * @param ca the only certificate to trust, in PEM @default those that Node trusts
 * @throws Error with both failures
 */
export async function fetchClientJwks(url: string, ca?: string): Promise<string> {
  try {
    return await fetchOnce(url, ca);
  } catch (first) {
    return await fetchOnce(url, ca).catch((second: Error) => {
      throw new Error(`${url} failed twice: first ${(first as Error).message}, then ${second.message}`);
    });
  }
}

function fetchOnce(url: string, ca: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = { accept: 'application/json', 'user-agent': 'one-login-stand-in' };
    const request = send(url, { agent: false, ca, headers, timeout: limits.milliseconds });
    const problem = `nothing to read within ${limits.milliseconds} ms`;
    request.on('timeout', () => request.destroy(new Error(problem)));
    request.on('error', reject);
    request.on('response', (response) => readResponse(response).then(resolve, reject));
    request.end();
  });
}

async function readResponse(response: IncomingMessage): Promise<string> {
  if (response.statusCode === 200) return readText(response, limits.bytes);
  response.destroy();
  throw new Error(`the status is ${response.statusCode}, not 200`);
}
