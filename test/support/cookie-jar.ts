interface Cookie {
  readonly value: string;
  /** As they were set, in lower case. */
  readonly attributes: readonly string[];
}

/** The cookies of a browser. As RFC 6265 has it, they belong to a host, whatever the port. */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, Cookie>>();

  /** Takes a Set-Cookie header, unless it breaks the rules of its name's prefix (RFC 6265bis, 4.1.3). */
  take({ hostname }: URL, setCookie: string): void {
    const [pair = '', ...rest] = setCookie.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const attributes = rest.map((attribute) => attribute.trim().toLowerCase());
    if (name.startsWith('__Host-') && !isHostBound(attributes)) return;
    const cookies = this.#hosts.get(hostname) ?? new Map<string, Cookie>();
    this.#hosts.set(hostname, cookies);
    if (attributes.includes('max-age=0')) cookies.delete(name);
    else cookies.set(name, { value: pair.slice(at + 1), attributes });
  }

  /** @returns the Cookie header, or undefined when there is none to send */
  headerFor({ hostname }: URL): string | undefined {
    const pairs = [...(this.#hosts.get(hostname) ?? [])].map(([name, { value }]) => `${name}=${value}`);
    return pairs.length === 0 ? undefined : pairs.join('; ');
  }

  /** @returns the value of the only cookie with that name */
  get(name: string): string | undefined {
    return [...this.#hosts.values()].flatMap((cookies) => cookies.get(name)?.value ?? [])[0];
  }

  keys(): Iterable<string> {
    return [...this.#hosts.values()].flatMap((cookies) => [...cookies.keys()]);
  }

  set(hostname: string, name: string, value: string): void {
    this.#hosts.set(hostname, (this.#hosts.get(hostname) ?? new Map()).set(name, { value, attributes: [] }));
  }

  delete(name: string): void {
    for (const cookies of this.#hosts.values()) cookies.delete(name);
  }

  /** Every value that there is. */
  get values(): readonly string[] {
    return [...this.#hosts.values()].flatMap((cookies) => [...cookies.values()].map(({ value }) => value));
  }

  copy(): CookieJar {
    const jar = new CookieJar();
    for (const [hostname, cookies] of this.#hosts) jar.#hosts.set(hostname, new Map(cookies));
    return jar;
  }
}

function isHostBound(attributes: readonly string[]): boolean {
  const hasDomain = attributes.some((attribute) => attribute.startsWith('domain='));
  return attributes.includes('secure') && attributes.includes('path=/') && !hasDomain;
}
