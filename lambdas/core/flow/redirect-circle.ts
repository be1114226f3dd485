import { RelyingPartyError } from '../errors.ts';
import { hash } from '../session/session-key.ts';
import type { ReturnAddress } from './return-to.ts';

/** Browsers give up after 20 redirects in a row, and a round may have three. */
const mostRounds = 6;
/** Rounds that are further apart are the user's own doing. */
export const roundMilliseconds = 10_000;

const pattern = /^(\d)\.([\w-]{8})\.(\d{1,15})$/;

/**
 * Counts how often a user who is signed in already was sent to the same address, one time soon after the other. A page
 * that finds nobody signed in would send them back for ever: it lies at another host, which never gets the session
 * cookie, or asks for more than signing in.
 *
 * @param counted what the last call returned, as the browser has it
 * @returns what the browser is to keep
 * @throws RelyingPartyError `redirect_circle`
 */
export function countRound(counted: string | undefined, address: ReturnAddress, now: number): string {
  const place = hash(hashPlace(address)).slice(0, 8);
  const [, count, lastPlace, lastTime] = pattern.exec(counted ?? '') ?? [];
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
 * What counts as the same address: at another host the same page, since it may come with another time or number in its
 * query each time. At the service's own host users go from one query to another by themselves.
 */
function hashPlace(address: ReturnAddress): string {
  return address.startsWith('/') ? address : address.replace(/[?#].*$/, '');
}
