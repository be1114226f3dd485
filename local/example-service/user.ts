/** What `/auth/userinfo` says: who is signed in, that nobody is, or that it can't tell at the moment. */
export type UserAnswer =
  | {
      readonly kind: 'signed_in';
      readonly user: Readonly<Record<string, unknown>>;
      readonly cookies: readonly string[];
    }
  | { readonly kind: 'signed_out'; readonly cookies: readonly string[] }
  | { readonly kind: 'unavailable'; readonly status: number };

/** How long the service waits for `/auth/userinfo`, in milliseconds. */
const timeout = 15_000;

/**
 * Asks who is signed in, from server to server, with the browser's own cookies: what any service would do.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 * @param cookie the browser's Cookie header
 */
export async function fetchUser(publicUrl: string, cookie: string | undefined): Promise<UserAnswer> {
  try {
    const response = await fetch(`${publicUrl}/userinfo`, {
      headers: { accept: 'application/json', ...(cookie === undefined ? {} : { cookie }) },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    const cookies = response.headers.getSetCookie();
    const body: unknown = await response.json();
    if (response.status === 401) return { kind: 'signed_out', cookies };
    if (response.status !== 200 || typeof body !== 'object' || body === null) {
      return { kind: 'unavailable', status: response.status >= 500 ? response.status : 502 };
    }
    return { kind: 'signed_in', user: { ...body }, cookies };
  } catch {
    return { kind: 'unavailable', status: 502 };
  }
}
