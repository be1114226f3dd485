/** What of a request tells where it came from. */
export interface RequestOrigin {
  readonly method: string;
  /** The values of the header `Sec-Fetch-Site` (Fetch Metadata Request Headers, 2.3). */
  readonly secFetchSite: readonly string[];
  /** The values of the header `Origin` (RFC 6454, 7). */
  readonly origin: readonly string[];
}

/** Methods that change nothing, by definition (RFC 9110, 9.2.1). */
const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a request may use the cookie that came with it: one by a safe method always, any other only if the browser
 * says that it comes from the service's own origin, or from one that is trusted. SameSite=Lax alone leaves sibling
 * hosts, which are the same site.
 *
 * What comes twice counts against the request. One that says nothing of where it comes from is refused: every browser
 * says it for an unsafe method, if not by `Sec-Fetch-Site`, then by `Origin`.
 *
 * @param ownOrigin the service's
 * @param trustedOrigins others that may do what the service's own pages may
 */
export function mayUseCookie(
  { method, secFetchSite, origin }: RequestOrigin,
  { ownOrigin, trustedOrigins }: { readonly ownOrigin: string; readonly trustedOrigins: readonly string[] },
): boolean {
  if (safeMethods.includes(method)) return true;
  if (isOnly(origin, trustedOrigins)) return true;
  return secFetchSite.length === 0 ? isOnly(origin, [ownOrigin]) : isOnly(secFetchSite, ['same-origin']);
}

function isOnly(values: readonly string[], allowed: readonly string[]): boolean {
  const [only] = values;
  return values.length === 1 && only !== undefined && allowed.includes(only);
}
