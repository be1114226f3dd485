import type { Validated } from './validated.ts';

/** A request to One Login that the browser is sent to. */
export type ProviderAddress = Validated<'provider_address', string>;

/** The names under which this machine reaches itself: a provider there is the stand-in or the simulator. */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the value is an absolute URL that tokens and users may be sent to: https (http for loopback only),
 * without credentials and without a fragment (RFC 6749, 3.1).
 */
export function isProviderUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.href.includes('#')) return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}
