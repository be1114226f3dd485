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
 * by itself is no navigation: a script's fetch, an image, a frame (Fetch Metadata Request Headers, 2.1 and 2.2).
 *
 * Only a navigation has the destination `document`. Chrome sent none before version 80: there the mode decides. A mode
 * alone comes from no browser, but from the `fetch` of Node. Who sends nothing of it, as older browsers do, gets the
 * benefit of the doubt.
 */
export function isNavigation(headers: HeaderValues): boolean {
  if (isPrefetch(headers)) return false;
  const modes = headers('sec-fetch-mode');
  const navigates = modes.every((value) => value === 'navigate');
  const destinations = headers('sec-fetch-dest');
  if (destinations.length > 0) {
    return (
      destinations.every((value) => value === 'document') ||
      (modes.length > 0 && navigates && isPassedOn(headers))
    );
  }
  const isBrowser = headers('sec-fetch-site').length > 0;
  return !isBrowser || navigates;
}

/**
 * Whether a service worker of this origin passed the request on as it was. For a navigation that loses the destination
 * (Fetch Standard, 5.4: the new request has none) and keeps the mode, which no script can set itself. `Sec-Fetch-Site`
 * then may be the worker's: an address that was typed comes as `same-origin`.
 */
export function isPassedOn(headers: HeaderValues): boolean {
  const destinations = headers('sec-fetch-dest');
  return destinations.length > 0 && destinations.every((value) => value === 'empty');
}
