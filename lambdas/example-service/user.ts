/** Whether a user is signed in, according to `/auth/userinfo`. */
export type UserAnswer =
  | { readonly kind: 'signed_in'; readonly user: User; readonly cookies: readonly string[] }
  | { readonly kind: 'signed_out'; readonly cookies: readonly string[] }
  | { readonly kind: 'unavailable' };

/** The fields of the response. */
export type User = Readonly<Record<string, unknown>>;

export interface UserRequest {
  /** `<publicUrl>/userinfo`. With `?peek=1` the request does not count as activity. */
  readonly url: string;
  /** The browser's session cookie, if it has one. */
  readonly cookie: string | undefined;
  /** How long to wait, in milliseconds. */
  readonly timeout: number;
}

/** Calls `/auth/userinfo` with the session cookie of the browser's request. */
export async function fetchUser({ url, cookie, timeout }: UserRequest): Promise<UserAnswer> {
  if (cookie === undefined) return { kind: 'signed_out', cookies: [] };
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', cookie },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    // The response may delete the session cookie, so its cookies are passed to the browser.
    const cookies = answer.headers.getSetCookie();
    if (answer.status === 401) return { kind: 'signed_out', cookies };
    if (answer.status !== 200) return { kind: 'unavailable' };
    const user: unknown = await answer.json();
    const isUser = typeof user === 'object' && user !== null && 'sub' in user;
    return isUser ? { kind: 'signed_in', user: { ...user }, cookies } : { kind: 'unavailable' };
  } catch {
    return { kind: 'unavailable' };
  }
}
