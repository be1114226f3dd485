/**
 * The two cookies (RFC 6265bis). The `__Host-` prefix makes the browser insist on Secure, Path=/ and no Domain,
 * so that no sibling host can plant one.
 */
import { randomBytes } from 'node:crypto';
import { attemptLifetimeMilliseconds } from './lifetimes.ts';

export const sessionCookieName = '__Host-one-login-session';
export const browserCookieName = '__Host-one-login-browser';

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const browserPattern = /^[\w-]{43}$/;

/**
 * The value of a cookie. Two of the same name in one request count as none: one of them may have been planted,
 * and there is no telling which.
 *
 * @param headers the Cookie header's values
 */
export function readCookie(headers: readonly string[], name: string): string | undefined {
  const values = headers
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/** The browser cookie's value, or undefined when it has none of the form that we give. */
export function readBrowserCookie(headers: readonly string[]): string | undefined {
  const value = readCookie(headers, browserCookieName);
  return value !== undefined && browserPattern.test(value) ? value : undefined;
}

export function createBrowserSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Binds attempts to a browser for as long as they live. */
export function browserCookie(value: string): string {
  return `${browserCookieName}=${value}; ${attributes}; Max-Age=${attemptLifetimeMilliseconds / 1000}`;
}

/** Ends with the browser. */
export function sessionCookie(value: string): string {
  return `${sessionCookieName}=${value}; ${attributes}`;
}

export function clearedSessionCookie(): string {
  return `${sessionCookieName}=; ${attributes}; Max-Age=0`;
}
