/** The longest time for the JWKS, in milliseconds. `npm run doctor` is stricter. */
const timeout = 5000;

/** The JWKS that One Login reads, or why it cannot. */
export type ServedJwks =
  | { readonly kind: 'read'; readonly url: string; readonly kids: readonly string[] }
  | { readonly kind: 'unreadable'; readonly url?: string; readonly why: string };

/**
 * Reads the `kid`s in our JWKS as One Login does.
 *
 * @param publicUrl the public URL up to and including `/auth`, if it is known
 */
export async function readServedJwks(publicUrl: string | undefined): Promise<ServedJwks> {
  if (publicUrl === undefined) {
    const why = "the config has no publicUrl: pass --public-url with the stack's output PublicUrl";
    return { kind: 'unreadable', why };
  }
  const url = `${publicUrl}/.well-known/jwks.json`;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (response.status !== 200) return { kind: 'unreadable', url, why: `it returns ${response.status}` };
    const { keys }: { keys?: unknown } = Object(await response.json());
    if (!Array.isArray(keys)) return { kind: 'unreadable', url, why: 'it is not a JWKS' };
    return { kind: 'read', url, kids: keys.map((key: unknown) => String(Object(key).kid)) };
  } catch (error) {
    const { cause = error }: { cause?: unknown } = Object(error);
    return { kind: 'unreadable', url, why: String(Object(cause).message ?? cause) };
  }
}
