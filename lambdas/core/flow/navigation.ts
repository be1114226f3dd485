/** What of a request shows whether its user went to the address: the values of a header, in any number. */
export type HeaderValues = (name: string) => readonly string[];

/**
 * By which browsers, frameworks and proxies mark a request that nobody has made yet: the Fetch Standard's, those that
 * some proxies rename, the older ones of Chrome, Safari and Firefox, and the one of Next.js.
 */
const prefetchHeaders = [
  'sec-purpose',
  'x-sec-purpose',
  'purpose',
  'x-purpose',
  'x-moz',
  'next-router-prefetch',
] as const;

/** Whether a page is fetched ahead, in case that the user will want it. */
export function isPrefetch(headers: HeaderValues): boolean {
  return prefetchHeaders.some((name) => headers(name).length > 0);
}

/**
 * Whether the user goes to the address in a window of their own, so that an answer may have effects. What a page loads
 * by itself is no navigation: a script's fetch, an image, a frame (Fetch Metadata Request Headers, 2.1 and 2.2). An
 * older browser that sends neither header gets the benefit of the doubt.
 */
export function isNavigation(headers: HeaderValues): boolean {
  return (
    !isPrefetch(headers) &&
    isAbsentOr(headers('sec-fetch-mode'), 'navigate') &&
    isAbsentOr(headers('sec-fetch-dest'), 'document')
  );
}

function isAbsentOr(values: readonly string[], expected: string): boolean {
  return values.every((value) => value === expected);
}
