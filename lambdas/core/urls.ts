/** The names under which this machine reaches itself (RFC 6761, 6.3). A provider there is the stand-in or the simulator. */
const loopbackHost = /^(([^.]+\.)*localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether the URL leads to the machine itself: only there http is allowed. */
export function isLoopback(url: string | URL): boolean {
  return loopbackHost.test(URL.parse(String(url))?.hostname ?? '');
}

/**
 * Decodes a path as a server does, once (RFC 3986, 2.4). Bytes that are not UTF-8, such as `%E9` of Latin-1, become
 * replacement characters.
 */
export function decodeOnce(path: string): string {
  return path.replace(/(%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  );
}

/** @param path decoded. Some servers take paths without regard to case */
export function isBelow(path: string, base: string): boolean {
  return `${path.toLowerCase()}/`.startsWith(`${base.toLowerCase()}/`);
}
