import { decodeOnce, isBelow, isLoopback } from '../../lambdas/core/urls.ts';

/**
 * What is wrong with an absolute URL: it must be https (http for loopback only), in its normal form, without
 * credentials, query and fragment.
 *
 * @returns undefined when nothing is
 */
export function webAddressMistake(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null) return 'is not an absolute URL; allowed: https://...';
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(value));
  if (!secure) return 'must begin with https:// (http:// is allowed for localhost only)';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (!/^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(url.hostname)) return 'must name one host, without wildcards';
  if (/[?#]/.test(value)) return 'must have no query and no fragment';
  if (url.href !== value && url.href !== `${value}/`)
    return `must be written in its normal form, ${url.href}`;
  return undefined;
}

/** What is wrong with an origin, such as `https://forms.example.gov.uk`. */
export function originMistake(value: string): string | undefined {
  const mistake = webAddressMistake(value);
  if (mistake !== undefined) return mistake;
  const { origin } = new URL(value);
  return origin === value ? undefined : `must be an origin, without a path: ${origin}`;
}

/** What is wrong with the public URL. */
export function publicUrlMistake(value: string): string | undefined {
  const mistake = webAddressMistake(value);
  if (mistake !== undefined) return mistake;
  return value.endsWith('/auth') ? undefined : 'must end with /auth, without a slash after it';
}

/** C0 and C1 controls, spaces of any kind, and the backslash, which browsers read as a slash. */
const unsafe = /[\p{Cc}\p{Cf}\p{Z}\\]/u;

/**
 * What is wrong with a page: it must be a path of the service outside `/auth`, or an absolute URL. Whether the URL's
 * origin is allowed, see {@link foreignPageMistake}.
 */
export function pageMistake(value: string): string | undefined {
  if (unsafe.test(value)) return 'must hold no spaces, control characters or backslashes';
  if (!value.startsWith('/')) {
    const url = URL.parse(value);
    if (url === null) return 'must be a path that begins with a single /, or an absolute URL';
    const mistake = webAddressMistake(value.replace(/[?#].*$/, ''));
    return mistake ?? (url.href === value ? undefined : `must be written in its normal form, ${url.href}`);
  }
  if (value.startsWith('//')) return 'must begin with a single /';
  // What host a path is read at makes no difference to what it is.
  const { pathname, search, hash } = new URL(value, 'https://service.invalid');
  const normalForm = pathname + search + hash;
  if (normalForm !== value) return `must be written in its normal form, ${normalForm}`;
  return isBelow(decodeOnce(pathname), '/auth')
    ? 'must not lie below /auth, where our own routes are'
    : undefined;
}

/** What is wrong with where a link of our pages leads: a path of the service, an https address, or `mailto:`. */
export function linkMistake(value: string): string | undefined {
  if (/^mailto:[^\s@?<>"]+@[^\s@?<>"]+$/.test(value)) return undefined;
  if (value.startsWith('/') || URL.parse(value)?.protocol.startsWith('http')) return pageMistake(value);
  return 'must be a path that begins with a single /, an absolute URL, or mailto: and an email address';
}

/**
 * What is wrong with an absolute URL of a page that may lie at the service's origin, outside our own routes, or at one
 * of the return origins.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function foreignPageMistake(
  value: string,
  publicUrl: string | undefined,
  returnOrigins: readonly string[],
): string | undefined {
  const page = new URL(value);
  const service = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (page.origin === service?.origin) {
    const ownRoutes = service.pathname;
    return isBelow(decodeOnce(page.pathname), ownRoutes)
      ? `must not lie below ${ownRoutes}, where our own routes are`
      : undefined;
  }
  if (returnOrigins.includes(page.origin)) return undefined;
  const allowed = [...(service === undefined ? [] : [service.origin]), ...returnOrigins];
  return `is at an origin that is not allowed; allowed: ${allowed.join(', ') || 'none'} (see returnOrigins)`;
}
