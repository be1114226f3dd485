import type { Validated } from '../one-login/messages.ts';
import { decodeOnce, isBelow } from '../urls.ts';

/** Where users may be sent: a path of the service's own host with query and fragment, or an absolute URL. */
export type ReturnAddress = Validated<'return_address', string>;

/** Where a user may be sent after signing in. */
export interface ReturnPolicy {
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** Where everybody else goes: a path of the service, or an absolute URL. */
  readonly defaultPage: ReturnAddress;
  /** Origins beside the service's own that may be named. */
  readonly returnOrigins: readonly string[];
}

const longestReturnTo = 2048;
/**
 * C0 and C1 controls, the backslash, which browsers read as a slash, and what can't be seen, except for what words are
 * written with: the no-break space, the soft hyphen and the joiners.
 */
const forbidden = /[\p{Cc}\\]|(?![\u00a0\u00ad\u200c\u200d])[\p{Cf}\p{Z}]/u;
/** A percent sign that encodes nothing (RFC 3986, 2.1). */
const malformed = /%(?![0-9a-f]{2})/i;
/** UTF-8 that is longer than need be, which some servers take for a slash or a dot (RFC 3629, 10). */
const overlong = /%(c[01]%[89ab]|e0%[89]|f0%8)/i;
/** What a path must not hold once it is decoded: controls, backslashes, dot segments, a second host. */
const forbiddenDecoded = /[\p{Cc}\\]|(^|\/)\.{1,2}(\/|$)|^\/\//u;

/**
 * The page to go to after signing in: `returnTo` if it is a path of the service outside `/auth`, or lies at an
 * allowed origin; else the default page. The path is also looked at as a server sees it, decoded once and no more
 * (RFC 3986, 2.4; OWASP, Unvalidated Redirects and Forwards).
 */
export function validateReturnTo(returnTo: string | undefined, policy: ReturnPolicy): ReturnAddress {
  return parseReturnTo(returnTo, policy) ?? policy.defaultPage;
}

/**
 * An address that holds nothing of what a caller sent, or that was validated before: one of our own routes, one that the
 * config names, or one that comes out of our own store.
 */
export function trustedAddress(address: string): ReturnAddress {
  return address as ReturnAddress;
}

/** @returns undefined for an address that users may not be sent to, and for none */
export function parseReturnTo(
  returnTo: string | undefined,
  { publicUrl, returnOrigins }: Omit<ReturnPolicy, 'defaultPage'>,
): ReturnAddress | undefined {
  if (returnTo === undefined || forbidden.test(returnTo)) return undefined;
  const isPath = returnTo.startsWith('/') && !returnTo.startsWith('//');
  if (!isPath && !/^https?:\/\/[^/]/i.test(returnTo)) return undefined;

  const service = new URL(publicUrl);
  const url = URL.parse(returnTo, service.origin);
  if (url === null || url.username !== '' || url.password !== '') return undefined;

  if (malformed.test(url.pathname) || overlong.test(url.pathname)) return undefined;
  const path = decodeOnce(url.pathname);
  if (forbiddenDecoded.test(path)) return undefined;
  const isOurs = url.origin === service.origin;
  // Our own routes would lead round in circles.
  if (isOurs ? isBelow(path, service.pathname) : !returnOrigins.includes(url.origin)) return undefined;
  // Encoding, which makes one character up to twelve, comes before measuring: this goes into a header.
  const target = isOurs ? url.pathname + url.search + url.hash : url.href;
  return target.length > longestReturnTo ? undefined : (target as ReturnAddress);
}
