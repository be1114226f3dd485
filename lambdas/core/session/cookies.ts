/**
 * The cookies (RFC 6265bis). The `__Host-` prefix makes the browser insist on Secure, Path=/ and no Domain, so that
 * no sibling host can plant one.
 */
import { randomBytes } from 'node:crypto';
import { attemptLifetimeMilliseconds } from './lifetimes.ts';
import { hash, parseSessionCredential, type SessionCredential } from './session-key.ts';

export const sessionCookieName = '__Host-one-login-session';
/** What the names of browser cookies begin with. Earlier versions gave one cookie with this as its whole name. */
export const browserCookieName = '__Host-one-login-browser';

/** Counts redirects of users who are signed in already, see `redirect-circle.ts`. */
export const roundsCookieName = '__Host-one-login-rounds';

/** Far above the 10,240 bytes that API Gateway takes in all headers; of more nothing is read. */
const longestHeaders = 16_384;
/** That many browser cookies are kept; starts in parallel may make more, until the next start. */
const keptBrowserCookies = 5;
/** That many are looked at. To clear the rest of so many does not make an answer's headers too long. */
const mostBrowserCookies = 50;

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const browserPattern = /^[\w-]{43}$/;

/**
 * The value of a cookie. Two of the same name in one request count as none: one of them may have been planted,
 * and there is no telling which.
 *
 * @param headers the Cookie header's values
 */
export function readCookie(headers: readonly string[], name: string): string | undefined {
  return readCookies(headers).get(name);
}

/** What the session cookie names; undefined when there is none of the form that we give. */
export function readSessionCredential(headers: readonly string[]): SessionCredential | undefined {
  return parseSessionCredential(readCookie(headers, sessionCookieName));
}

/**
 * The values of the browser cookies that have the form that we give. They are always in the same order, so that starts
 * in parallel take the same one, the first.
 *
 * @param headers the Cookie header's values
 */
export function readBrowserSecrets(headers: readonly string[]): readonly string[] {
  const secrets = [...readCookies(headers)].flatMap(([name, value]) =>
    value !== undefined &&
    browserPattern.test(value) &&
    (name === browserCookieName || name === buildBrowserCookieName(value))
      ? [value]
      : [],
  );
  return [...new Set(secrets)].sort().slice(0, mostBrowserCookies);
}

/** Every cookie; undefined for a name that comes twice. White space is what RFC 6265, 5.2, takes for it. */
function readCookies(headers: readonly string[]): ReadonlyMap<string, string | undefined> {
  const cookies = new Map<string, string | undefined>();
  if (headers.reduce((sum, { length }) => sum + length, 0) > longestHeaders) return cookies;
  for (const pair of headers.flatMap((header) => header.split(';'))) {
    const at = pair.indexOf('=');
    const name = withoutSpaces(pair.slice(0, Math.max(at, 0)));
    cookies.set(name, cookies.has(name) ? undefined : withoutSpaces(pair.slice(at + 1)));
  }
  return cookies;
}

/**
 * Browsers take nothing but SP and HTAB off a name, so that a sibling host may plant one that looks like ours behind any
 * other white space. `trim()` would take that off.
 */
function withoutSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start += 1;
  while (end > start && isSpace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

export function createBrowserSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The cookies to set when an attempt begins: one that binds attempts to this browser for as long as they live. Each
 * secret has a cookie of its own, so that tabs that begin in parallel do not overwrite each other's. Those beyond a
 * handful are cleared.
 *
 * @param secret the attempt's
 * @param presented what {@link readBrowserSecrets} found in the request
 */
export function browserCookies(secret: string, presented: readonly string[]): readonly string[] {
  const others = presented.filter((other) => other !== secret);
  return [
    `${buildBrowserCookieName(secret)}=${secret}; ${attributes}; Max-Age=${attemptLifetimeMilliseconds / 1000}`,
    ...others
      .slice(keptBrowserCookies - 1)
      .map((other) => `${buildBrowserCookieName(other)}=; ${attributes}; Max-Age=0`),
  ];
}

/** The hash does not give the secret away, and no two secrets in one browser share a name. */
function buildBrowserCookieName(secret: string): string {
  return `${browserCookieName}-${hash(secret).slice(0, 8)}`;
}

/** @param seconds for how long it counts */
export function roundsCookie(value: string, seconds: number): string {
  return `${roundsCookieName}=${value}; ${attributes}; Max-Age=${seconds}`;
}

/** Ends with the browser. */
export function sessionCookie(value: string): string {
  return `${sessionCookieName}=${value}; ${attributes}`;
}

export function clearedSessionCookie(): string {
  return `${sessionCookieName}=; ${attributes}; Max-Age=0`;
}
