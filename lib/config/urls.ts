import { decodeOnce, isBelow, isLoopback } from '../../lambdas/core/urls.ts';

/**
 * Checks an absolute URL: it must be https (http for loopback only), in its normal form, without credentials, query
 * and fragment.
 *
 * @returns what is wrong, or undefined. So do all checks in this file.
 */
export function checkWebAddress(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null) return 'is not an absolute URL; allowed: https://...';
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(value));
  if (!secure) return 'must begin with https:// (http:// is allowed for localhost only)';
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  if (!/^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(url.hostname)) return 'must name one host, without wildcards';
  if (/[?#]/.test(value)) return 'must have no query and no fragment';
  if (url.href !== value && url.href !== `${value}/`)
    return `must be written in its normal form, ${url.href}`;
  return undefined;
}

/** Checks an origin, such as `https://forms.example.gov.uk`. */
export function checkOrigin(value: string): string | undefined {
  const mistake = checkWebAddress(value);
  if (mistake !== undefined) return mistake;
  const { origin } = new URL(value);
  return origin === value ? undefined : `must be an origin, without a path: ${origin}`;
}

export function checkPublicUrl(value: string): string | undefined {
  const mistake = checkWebAddress(value);
  if (mistake !== undefined) return mistake;
  if (!value.endsWith('/auth')) return 'must end with /auth, without a slash after it';
  // Browsers, CloudFront and API Gateway must read the path alike.
  return /^(\/[\w.~-]+)+$/.test(new URL(value).pathname)
    ? undefined
    : 'must have a path of letters, digits and - . _ ~ between single slashes';
}

/** C0 and C1 controls, spaces of any kind, and the backslash, which browsers read as a slash. */
const unsafe = /[\p{Cc}\p{Cf}\p{Z}\\]/u;

/**
 * Checks a page: it must be a path of the service outside `/auth`, or an absolute URL. {@link checkPageOrigin} checks
 * the origin of the URL.
 */
export function checkPage(value: string): string | undefined {
  if (unsafe.test(value)) return 'must not contain spaces, control characters or backslashes';
  if (!value.startsWith('/')) {
    const url = URL.parse(value);
    if (url === null) return 'must be a path that begins with a single /, or an absolute URL';
    const mistake = checkWebAddress(value.replace(/[?#].*$/, ''));
    return mistake ?? (url.href === value ? undefined : `must be written in its normal form, ${url.href}`);
  }
  if (value.startsWith('//')) return 'must begin with a single /';
  const { pathname, search, hash } = new URL(value, 'https://service.invalid');
  const normalForm = pathname + search + hash;
  if (normalForm !== value) return `must be written in its normal form, ${normalForm}`;
  return isBelow(decodeOnce(pathname), '/auth')
    ? 'must not be below /auth, where our own routes are'
    : undefined;
}

/** Checks the target of a link on our pages: a path of the service, an https address, or `mailto:`. */
export function checkLink(value: string): string | undefined {
  if (/^mailto:[^\s@?<>"]+@[^\s@?<>"]+$/.test(value)) return undefined;
  if (value.startsWith('/') || URL.parse(value)?.protocol.startsWith('http')) return checkPage(value);
  return 'must be a path that begins with a single /, an absolute URL, or mailto: and an email address';
}

/**
 * Checks where a page is: at the service's origin, outside our own routes, or at one of the return origins. A path is at
 * the service's origin.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function checkPageOrigin(
  value: string,
  publicUrl: string | undefined,
  returnOrigins: readonly string[],
): string | undefined {
  const service = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (service === undefined && value.startsWith('/')) return undefined;
  const page = new URL(value, service);
  if (page.origin === service?.origin) {
    const authPath = service.pathname;
    return isBelow(decodeOnce(page.pathname), authPath)
      ? `must not be below ${authPath}, where our own routes are`
      : undefined;
  }
  if (returnOrigins.includes(page.origin)) return undefined;
  const allowed = [...(service === undefined ? [] : [service.origin]), ...returnOrigins];
  return `is at an origin that is not allowed; allowed: ${allowed.join(', ') || 'none'} (see returnOrigins)`;
}
