import type { OneLoginUser } from './user.ts';

/** A request of a browser: a `Request` of the Fetch Standard, or one of Node, Express and the like. */
export interface RequestWithHeaders {
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface GetUserOptions {
  /** The public URL, up to and including `/auth`, such as `https://service.example.gov.uk/auth`. */
  readonly publicUrl: string;
  /** `cookieName` of the config. Empty when it has none. @default the config has none */
  readonly cookieName?: string;
  /** The stack's output `ApiUrl`, which is nearer than a CDN. @default publicUrl */
  readonly apiUrl?: string;
  /** How long to wait for the response, in milliseconds. @default 3000 */
  readonly timeout?: number;
  /** The request is not the user's activity, for example of a page that polls. @default false */
  readonly peek?: boolean;
}

/** Whether a user is signed in. */
export type UserResult =
  | { readonly kind: 'signed_in'; readonly user: OneLoginUser }
  /** Add `cookies` to your response as `Set-Cookie`: they delete a session that has ended. */
  | { readonly kind: 'signed_out'; readonly cookies: readonly string[] }
  /** It cannot be known. Respond with 503, and do not treat the user as signed out. Log the cause. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/**
 * Finds out who sent a request. It sends the session cookie of the request, and no other, to `/auth/userinfo`.
 *
 * The call counts as the user's activity, except with `peek` and for a page that the browser fetches before the user opens
 * it. It never throws.
 */
export async function getUser(request: RequestWithHeaders, options: GetUserOptions): Promise<UserResult> {
  const { publicUrl, cookieName = '', apiUrl = publicUrl, timeout = 3000, peek = false } = options;
  const cookie = readSessionCookie(request, buildSessionCookieName(cookieName));
  if (cookie === undefined) return { kind: 'signed_out', cookies: [] };
  try {
    const answer = await fetch(`${apiUrl}/userinfo${peek || isPrefetch(request) ? '?peek=1' : ''}`, {
      headers: { accept: 'application/json', cookie },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (answer.status === 401) return { kind: 'signed_out', cookies: answer.headers.getSetCookie() };
    const user: unknown = answer.status === 200 ? await answer.json() : undefined;
    if (isUser(user)) return { kind: 'signed_in', user };
    const cause = new Error(`${answer.url} responded with ${answer.status} and no user`);
    return { kind: 'unavailable', cause };
  } catch (cause) {
    return { kind: 'unavailable', cause };
  }
}

/** Reads all values of a header. */
export function readHeader({ headers }: RequestWithHeaders, name: string): readonly string[] {
  const { get } = headers;
  const value = typeof get === 'function' ? get.call(headers, name) : Object(headers)[name];
  return [value ?? []].flat();
}

/** The same as in `lambdas/core/session/cookie-names.ts`. A test compares the two. */
export function buildSessionCookieName(cookieName: string): string {
  return `__Host-one-login-${cookieName === '' ? '' : `${cookieName}-`}session`;
}

/**
 * Two cookies of the name count as none. Only space and tab are white space around a cookie: a sibling host can plant a
 * cookie behind any other (RFC 6265, 4.2.1).
 */
export function readSessionCookie(request: RequestWithHeaders, name: string): string | undefined {
  const pairs = readHeader(request, 'cookie').flatMap((header) => header.split(';'));
  const found = pairs
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? /^[\w=.-]+$/.exec(found[0] ?? '')?.[0] : undefined;
}

/** The headers of a page that the user may never open. */
const prefetchHeaders = [
  'sec-purpose',
  'x-sec-purpose',
  'purpose',
  'x-purpose',
  'x-moz',
  'next-router-prefetch',
];

export function isPrefetch(request: RequestWithHeaders): boolean {
  return prefetchHeaders.some((name) => readHeader(request, name).length > 0);
}

function isUser(value: unknown): value is OneLoginUser {
  const { sub, identity, session }: { sub?: unknown; identity?: unknown; session?: unknown } = Object(value);
  return typeof sub === 'string' && typeof identity === 'object' && typeof session === 'object';
}
