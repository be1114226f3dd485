import { isLoopback } from '../urls.ts';
import type { Validated } from './validated.ts';

/** A request to One Login that the browser is sent to. */
export type ProviderAddress = Validated<'provider_address', string>;

/**
 * Whether the value is an absolute URL that tokens and users may be sent to: https (http for loopback only),
 * without credentials and without a fragment (RFC 6749, 3.1).
 */
export function isProviderUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.href.includes('#')) return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}
