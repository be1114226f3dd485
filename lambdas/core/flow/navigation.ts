/** Returns every value of a header. */
export type HeaderValues = (name: string) => readonly string[];

/**
 * The headers that mark a prefetch: the Fetch Standard's, the names to which some proxies change them, the older ones of
 * Chrome, Safari and Firefox, and the one of Next.js.
 */
const prefetchHeaders = [
  'sec-purpose',
  'x-sec-purpose',
  'purpose',
  'x-purpose',
  'x-moz',
  'next-router-prefetch',
] as const;

/** Whether the browser fetches the page before the user opens it. */
export function isPrefetch(headers: HeaderValues): boolean {
  return prefetchHeaders.some((name) => headers(name).length > 0);
}

/**
 * Whether the user opens the address in a window, so that the request may have effects. A script's fetch, an image or a
 * frame is not a navigation (Fetch Metadata Request Headers, 2.1 and 2.2).
 *
 * Only a navigation has the destination `document`. Chrome sent no destination before version 80, so there the mode
 * decides. The `fetch` of Node sends a mode alone, which no browser does. A request without any of these headers, as
 * older browsers send it, counts as a navigation.
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
 * Whether the request shows that a browser opened the address. Every browser since 2023 sends this mode. Crawlers and scripts
 * that follow links do not, so they are not counted as users. The `fetch` of Node sends another.
 */
export function isShownNavigation(headers: HeaderValues): boolean {
  return headers('sec-fetch-mode').includes('navigate') && isNavigation(headers);
}

/**
 * Whether a service worker of this origin passed the request on unchanged. A navigation then loses its destination (Fetch
 * Standard, 5.4: the new request has none) and keeps its mode, which no script can set. `Sec-Fetch-Site` may be the
 * worker's: an address that the user typed has `same-origin`.
 */
export function isPassedOn(headers: HeaderValues): boolean {
  const destinations = headers('sec-fetch-dest');
  return destinations.length > 0 && destinations.every((value) => value === 'empty');
}
