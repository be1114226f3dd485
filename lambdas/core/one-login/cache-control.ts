import type { ProviderResponse } from './messages.ts';

const minute = 60_000;

/** A document is fetched at most this often by the schedule, whatever the provider says. */
export const shortestFreshness = 5 * minute;

/**
 * The ceiling for how long a removed key stays trusted is one hour: this, plus the five minutes between two runs
 * of the schedule, plus the minute for which an instance keeps documents in memory, leaves some of it for a
 * refresh that has to be repeated.
 */
export const longestFreshness = 50 * minute;

/**
 * For how long a document counts as fresh: `max-age` less `Age` (RFC 9111, 4.2), within 5 and 50 minutes. Without
 * a `max-age`, or with `no-store` or `no-cache`, it is the shortest time. `Pragma` is ignored: One Login sends
 * `no-cache` there, and means its `Cache-Control` (RFC 9111, 5.4).
 *
 * @returns milliseconds
 */
export function freshFor(response: ProviderResponse): number {
  const directives = (response.headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  if (directives.includes('no-store') || directives.includes('no-cache')) return shortestFreshness;

  const maxAge = directives.map((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1]).find(Boolean);
  if (maxAge === undefined) return shortestFreshness;

  const age = /^\d+$/.exec(response.headers['age'] ?? '')?.[0] ?? '0';
  const milliseconds = (Number(maxAge) - Number(age)) * 1000;
  return Math.min(longestFreshness, Math.max(shortestFreshness, milliseconds));
}
