import { readAnswer } from '../doctor/check.ts';
import { readRequestObject } from '../doctor/request-object.ts';
import type { Transport } from '../doctor/transport.ts';

/**
 * Begins a sign-in, and comes back as a user to whom One Login denied access. The attempt's cookie shows that the tables
 * can be written and read.
 *
 * @param publicUrl up to and including `/auth`
 * @returns what is wrong, or undefined
 */
export async function refuseAtOneLogin(
  publicUrl: string,
  userAgent: string,
  { send }: Pick<Transport, 'send'>,
): Promise<string | undefined> {
  const headers = { 'User-Agent': userAgent, Accept: 'text/html' };
  const login = await send({ method: 'GET', url: `${publicUrl}/login`, headers });
  const state = readRequestObject(login)?.claims['state'];
  if (typeof state !== 'string') return '/auth/login does not redirect with a request object';
  const cookies = readAnswer(login)?.headers['set-cookie'] ?? [];
  const query = new URLSearchParams({ error: 'access_denied', state });
  const back = await send({
    method: 'GET',
    url: `${publicUrl}/callback?${query}`,
    headers: { ...headers, Cookie: cookies.map((each) => each.split(';')[0]).join('; ') },
  });
  const answer = readAnswer(back);
  if (answer?.status === 403) return undefined;
  const found = answer === undefined ? 'does not answer' : `returns ${answer.status}`;
  return `/auth/callback ${found} to access_denied, and should return 403`;
}
