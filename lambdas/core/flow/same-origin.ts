/** The parts of a request that show where it came from. */
export interface RequestOrigin {
  readonly method: string;
  /** The values of the header `Sec-Fetch-Site` (Fetch Metadata Request Headers, 2.3). */
  readonly secFetchSite: readonly string[];
  /** The values of the header `Origin` (RFC 6454, 7). */
  readonly origin: readonly string[];
}

/** Methods that change nothing (RFC 9110, 9.2.1). */
const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a request may use its cookie. With a safe method it always may. With any other method it must come from the
 * service's own origin or a trusted one. SameSite=Lax is not enough, because sibling hosts are the same site.
 *
 * A request with a header twice is refused, and so is one without these headers: for an unsafe method every browser sends
 * `Sec-Fetch-Site` or `Origin`.
 */
export function mayUseCookie(
  { method, secFetchSite, origin }: RequestOrigin,
  { ownOrigin, trustedOrigins }: { readonly ownOrigin: string; readonly trustedOrigins: readonly string[] },
): boolean {
  if (safeMethods.includes(method)) return true;
  if (isOnly(origin, trustedOrigins)) return true;
  return secFetchSite.length === 0 ? isOnly(origin, [ownOrigin]) : isOnly(secFetchSite, ['same-origin']);
}

function isOnly(values: readonly string[], allowed: readonly (string | undefined)[]): boolean {
  return values.length === 1 && allowed.includes(values[0]);
}
