/** Where a user may be sent after signing in. */
export interface ReturnPolicy {
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** Where everybody else goes: a path of the service, or an absolute URL. */
  readonly defaultPage: string;
  /** Origins beside the service's own that may be named. */
  readonly returnOrigins: readonly string[];
}

const longestReturnTo = 2048;
/** C0 and C1 controls, white space of any kind, and the backslash, which browsers read as a slash. */
const forbidden = /[\p{Cc}\p{Cf}\p{Z}\\]/u;

/**
 * The page to go to after signing in: `returnTo` if it is a path of the service outside `/auth`, or lies at an
 * allowed origin; else the default page. Whatever a server or browser might decode once more is looked at
 * decoded as well (OWASP, Unvalidated Redirects and Forwards).
 *
 * @returns a path with query and fragment for the service's own host, else an absolute URL
 */
export function validateReturnTo(returnTo: string | undefined, policy: ReturnPolicy): string {
  if (!returnTo || forbidden.test(returnTo)) return policy.defaultPage;
  const isPath = returnTo.startsWith('/') && !returnTo.startsWith('//');
  if (!isPath && !/^https?:\/\/[^/]/i.test(returnTo)) return policy.defaultPage;

  const service = new URL(policy.publicUrl);
  if (!URL.canParse(returnTo, service.origin)) return policy.defaultPage;
  const url = new URL(returnTo, service.origin);
  if (url.username !== '' || url.password !== '') return policy.defaultPage;

  const path = fullyDecoded(url.pathname);
  if (path === undefined || path.startsWith('//') || forbidden.test(path.replaceAll(' ', ''))) {
    return policy.defaultPage;
  }
  const isOurs = url.origin === service.origin;
  if (isOurs ? isBelow(path, service.pathname) : !policy.returnOrigins.includes(url.origin)) {
    return policy.defaultPage;
  }
  // Encoding, which makes one character up to twelve, comes before measuring: this goes into a header.
  const target = isOurs ? url.pathname + url.search + url.hash : url.href;
  return target.length > longestReturnTo ? policy.defaultPage : target;
}

/** Decodes until nothing changes, and resolves dot segments that come to light; undefined for what is malformed. */
function fullyDecoded(pathname: string): string | undefined {
  let path = pathname;
  for (let round = 0; round < 4; round += 1) {
    let decoded: string;
    try {
      decoded = decodeURIComponent(path);
    } catch {
      return undefined;
    }
    if (decoded === path) return path;
    if (/(^|\/)\.{1,2}(\/|$)/.test(decoded)) return undefined;
    path = decoded;
  }
  return undefined;
}

/** Our own routes lead nowhere or round in circles. Some servers take paths without regard to case. */
function isBelow(path: string, base: string): boolean {
  const lower = path.toLowerCase();
  return lower === base.toLowerCase() || lower.startsWith(`${base.toLowerCase()}/`);
}
