import type { Validated } from '../one-login/messages.ts';
import { decodeOnce, isBelow } from '../urls.ts';

/** An address that users may be redirected to: a path of the service with query and fragment, or an absolute URL. */
export type ReturnAddress = Validated<'return_address', string>;

/** The addresses that users may be redirected to after signing in. */
export interface ReturnPolicy {
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** Used when no other address is allowed: a path of the service, or an absolute URL. */
  readonly defaultPage: ReturnAddress;
  /** Allowed origins, in addition to the service's own. */
  readonly returnOrigins: readonly string[];
}

const longestReturnTo = 2048;
/**
 * C0 and C1 controls, the backslash, which browsers read as a slash, and invisible characters, except those that words
 * contain: the no-break space, the soft hyphen and the joiners.
 */
const forbidden = /[\p{Cc}\\]|(?![\u00a0\u00ad\u200c\u200d])[\p{Cf}\p{Z}]/u;
/** A percent sign that encodes nothing (RFC 3986, 2.1). */
const malformed = /%(?![0-9a-f]{2})/i;
/** Overlong UTF-8, which some servers decode to a slash or a dot (RFC 3629, 10). */
const overlong = /%(c[01]%[89ab]|e0%[89]|f0%8)/i;
/** Not allowed in a decoded path: controls, backslashes, dot segments, a second host. */
const forbiddenDecoded = /[\p{Cc}\\]|\/\.{1,2}(\/|$)|^\/\//u;

/**
 * The page to go to after signing in: `returnTo` if it is a path of the service outside `/auth`, or is at an allowed
 * origin, else the default page. The path is also checked as a server reads it, decoded once (RFC 3986, 2.4; OWASP,
 * Unvalidated Redirects and Forwards).
 */
export function validateReturnTo(returnTo: string | undefined, policy: ReturnPolicy): ReturnAddress {
  return parseReturnTo(returnTo, policy) ?? policy.defaultPage;
}

/**
 * Marks an address as safe that contains nothing from the request, or was validated before: one of our own routes, one
 * from the config, or one from our own store.
 */
export function trustedAddress(address: string): ReturnAddress {
  return address as ReturnAddress;
}

/** @returns undefined for an address that users may not be redirected to, and without one */
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
  // Measured after encoding, which makes up to twelve characters of one, because this becomes a header.
  const target = isOurs ? url.pathname + url.search + url.hash : url.href;
  return target.length > longestReturnTo ? undefined : (target as ReturnAddress);
}
