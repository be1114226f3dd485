/** What `/auth/userinfo` says: who is signed in, that nobody is, or that it can't tell at the moment. */
export type UserAnswer =
  | { readonly kind: 'signed_in'; readonly user: User; readonly cookies: readonly string[] }
  | { readonly kind: 'signed_out'; readonly cookies: readonly string[] }
  | { readonly kind: 'unavailable' };

/** The answer's fields, which the pages look at one by one: more may come. */
export type User = Readonly<Record<string, unknown>>;

export interface UserQuestion {
  /** `<publicUrl>/userinfo`; with `?peek=1` the question is no activity of the user. */
  readonly url: string;
  /** The browser's session cookie, and no other; undefined when there is none. */
  readonly cookie: string | undefined;
  /** How long to wait, in milliseconds. */
  readonly timeout: number;
}

/** Asks who is signed in, from server to server, with the cookie of the request that is being answered. */
export async function askWhoIsSignedIn({ url, cookie, timeout }: UserQuestion): Promise<UserAnswer> {
  if (cookie === undefined) return { kind: 'signed_out', cookies: [] };
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', cookie },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    // What the answer does to the session is for the browser to know.
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
