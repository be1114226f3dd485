/**
 * The cookies (RFC 6265bis). With the `__Host-` prefix the browser requires Secure, Path=/ and no Domain, so that no sibling
 * host can set one.
 */
import { hasRandomValueShape } from '../one-login/random-values.ts';
import type { CookieNames } from './cookie-names.ts';
import { attemptLifetimeMilliseconds } from './lifetimes.ts';
import { hash, parseSessionCredential, type SessionCredential } from './session-key.ts';

/** Far above the 10,240 bytes that API Gateway allows for all headers. Longer headers are not read. */
const longestHeaders = 16_384;
/** How many browser cookies are kept. Parallel starts may create more, until the next start. */
const keptBrowserCookies = 5;
/** How many are read. The response that deletes the rest of so many is not too long. */
const mostBrowserCookies = 50;

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/**
 * Reads the value of a cookie. Two cookies of the same name count as none, because an attacker may have set one of them.
 *
 * @param headers the Cookie header's values
 */
export function readCookie(headers: readonly string[], name: string): string | undefined {
  return readCookies(headers).get(name);
}

/** @returns undefined without a session cookie of the right form */
export function readSessionCredential(
  headers: readonly string[],
  { session }: CookieNames,
): SessionCredential | undefined {
  return parseSessionCredential(readCookie(headers, session));
}

/**
 * Reads the values of the browser cookies that have the right form. Their order is always the same, so that parallel starts
 * use the same one, the first.
 *
 * @param headers the Cookie header's values
 */
export function readBrowserSecrets(headers: readonly string[], names: CookieNames): readonly string[] {
  const secrets = [...readCookies(headers)].flatMap(([name, value]) =>
    value !== undefined &&
    hasRandomValueShape(value) &&
    (name === names.browser || name === buildBrowserCookieName(value, names))
      ? [value]
      : [],
  );
  return [...new Set(secrets)].sort().slice(0, mostBrowserCookies);
}

/** @returns every cookie, with undefined for a name that appears twice */
function readCookies(headers: readonly string[]): ReadonlyMap<string, string | undefined> {
  const cookies = new Map<string, string | undefined>();
  if (headers.reduce((sum, { length }) => sum + length, 0) > longestHeaders) return cookies;
  for (const pair of headers.flatMap((header) => header.split(';'))) {
    const at = pair.indexOf('=');
    const name = trimSpaces(pair.slice(0, Math.max(at, 0)));
    cookies.set(name, cookies.has(name) ? undefined : trimSpaces(pair.slice(at + 1)));
  }
  return cookies;
}

/**
 * Removes SP and HTAB, the only white space of RFC 6265, 5.2. `trim()` would also remove other characters, so that a sibling
 * host could set a cookie whose name looks like ours.
 */
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start += 1;
  while (isSpace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/**
 * Builds the cookies to set when an attempt begins. One binds the attempt to this browser for as long as it lives. Each
 * secret has its own cookie, so that parallel tabs do not overwrite each other's. Old ones are deleted.
 *
 * @param secret of the attempt
 * @param presented the secrets of the request, see {@link readBrowserSecrets}
 */
export function buildBrowserCookies(
  secret: string,
  presented: readonly string[],
  names: CookieNames,
): readonly string[] {
  const others = presented.filter((other) => other !== secret);
  return [
    `${buildBrowserCookieName(secret, names)}=${secret}; ${attributes}; Max-Age=${attemptLifetimeMilliseconds / 1000}`,
    ...others
      .slice(keptBrowserCookies - 1)
      .map((other) => `${buildBrowserCookieName(other, names)}=; ${attributes}; Max-Age=0`),
  ];
}

/** The hash does not reveal the secret, and two secrets in one browser do not share a name. */
function buildBrowserCookieName(secret: string, { browser }: CookieNames): string {
  return `${browser}-${hash(secret).slice(0, 8)}`;
}

/** @param seconds how long the browser keeps it */
export function buildRoundsCookie(value: string, seconds: number, { rounds }: CookieNames): string {
  return `${rounds}=${value}; ${attributes}; Max-Age=${seconds}`;
}

/** A session cookie, which the browser deletes when it ends. */
export function buildSessionCookie(value: string, { session }: CookieNames): string {
  return `${session}=${value}; ${attributes}`;
}

export function clearSessionCookie({ session }: CookieNames): string {
  return `${session}=; ${attributes}; Max-Age=0`;
}
