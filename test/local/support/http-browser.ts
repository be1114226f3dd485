/** A browser over HTTP as far as cookies, links and redirects go. Cookies of a host go to all its ports. */
export class HttpBrowser {
  readonly cookies = new Map<string, string>();

  /** Follows redirects; notes the cookies on the way. */
  async visit(
    url: string | URL,
    init: RequestInit = {},
  ): Promise<{ url: URL; status: number; page: string }> {
    const response = await this.request(url, init);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.arrayBuffer();
      return this.visit(new URL(location, url));
    }
    return { url: new URL(url), status: response.status, page: await response.text() };
  }

  /** One request, redirects not followed. */
  async request(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      // Node's own `fetch` adds the mode `cors`: the destination makes it a navigation.
      'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'document',
      ...(cookie === '' ? {} : { cookie }),
      ...init.headers,
    };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const setCookie of response.headers.getSetCookie()) this.#take(setCookie);
    return response;
  }

  /** Signs in at the stand-in, whose page must be the one given, as the first person on it. */
  async signIn({ url, page }: { readonly url: URL; readonly page: string }) {
    const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';
    const form = new URLSearchParams({ journey: field('journey'), person: field('person'), fault: 'none' });
    return this.visit(new URL('/sign-in', url), { method: 'POST', body: form });
  }

  #take(setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split('; ');
    const at = pair.indexOf('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
