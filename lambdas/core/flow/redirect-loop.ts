import { RelyingPartyError } from '../errors.ts';
import { hash } from '../session/session-key.ts';
import type { ReturnAddress } from './return-to.ts';

/** Browsers give up after 20 redirects, and a round may have three. */
const mostRounds = 6;
/** Slower rounds are caused by the user, not by redirects. */
export const roundMilliseconds = 10_000;

const pattern = /^(?<count>\d)\.(?<lastPlace>[\w-]{8})\.(?<lastTime>\d{1,15})$/;

/**
 * Counts how often a user who is already signed in was redirected to the same address within seconds. A page would send
 * them back for ever when it is at another host, which does not get the session cookie, or when it requires more than a
 * sign-in.
 *
 * @param counted the value of the browser's cookie, which the last call returned
 * @returns the new value of the cookie
 * @throws RelyingPartyError `redirect_circle`
 */
export function countRound(counted: string | undefined, address: ReturnAddress, now: number): string {
  const place = hash(hashPlace(address)).slice(0, 8);
  const { count, lastPlace, lastTime } = pattern.exec(counted ?? '')?.groups ?? {};
  const goesOn = lastPlace === place && now - Number(lastTime) < roundMilliseconds;
  const round = goesOn ? Number(count) + 1 : 1;
  if (round > mostRounds) {
    throw new RelyingPartyError(
      'redirect_circle',
      'a user who is signed in is sent to sign in again and again by the page that they come back to',
    );
  }
  return `${round}.${place}.${now}`;
}

/**
 * What counts as the same address. At another host the query is ignored, because it may contain a time or a number. At
 * the service's own host users follow links that differ in the query only.
 */
function hashPlace(address: ReturnAddress): string {
  return address.startsWith('/') ? address : address.replace(/[?#].*/, '');
}
