import { CookieJar } from './cookie-jar.ts';
import { decodeHtml, findLink, readForm } from './html.ts';

/** The response to one request. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a browser shows in the end. */
export interface Page extends Answer {
  /** Every response from the first request to this page, redirects included. */
  readonly answers: readonly Answer[];
  /** The redirect that was not followed, because the visit ends there. */
  readonly next?: URL;
}

export interface VisitOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
  /** The path at which a redirect is not followed any more. */
  readonly stopBefore?: string;
  /** @default true */
  readonly followRedirects?: boolean;
}

/** More redirects in a row than these are a loop (Fetch, 4.4). */
const mostRedirects = 20;

/**
 * A browser over real HTTP: cookies, redirects, links, forms, and the request headers from which a server reads where
 * a request came from (Fetch Metadata). It runs no scripts.
 */
export class WebBrowser {
  readonly cookies: CookieJar;
  readonly #fetch: typeof fetch;

  constructor(cookies = new CookieJar(), send: typeof fetch = fetch) {
    this.cookies = cookies;
    this.#fetch = send;
  }

  /** Opens an address that was typed, or a bookmark. */
  open(url: string | URL, options: VisitOptions = {}): Promise<Page> {
    return this.#visit(new URL(url), undefined, options);
  }

  /** Follows the link on a page whose text that is. */
  follow(page: Page, text: string, options: VisitOptions = {}): Promise<Page> {
    return this.#visit(new URL(findLink(page.body, text), page.url), page.url, options);
  }

  /** Goes to an address from a page, as a link there would. */
  goFrom(page: { readonly url: URL }, url: string | URL, options: VisitOptions = {}): Promise<Page> {
    return this.#visit(new URL(url, page.url), page.url, options);
  }

  /** Sends the one form on a page, with its hidden fields and those given. */
  submit(
    page: Page,
    fields: Readonly<Record<string, string>> = {},
    options: VisitOptions = {},
  ): Promise<Page> {
    const form = readForm(page.body);
    const body = new URLSearchParams({ ...form.hidden, ...fields });
    return this.#visit(new URL(form.action, page.url), page.url, { ...options, method: 'POST', body });
  }

  /** The same browser's cookies at this moment, in a jar of their own. */
  copy(): WebBrowser {
    return new WebBrowser(this.cookies.copy(), this.#fetch);
  }

  async #visit(start: URL, from: URL | undefined, { stopBefore, ...options }: VisitOptions): Promise<Page> {
    const { followRedirects = true } = options;
    const answers: Answer[] = [];
    const urls = [start];
    for (let request: VisitOptions = options; answers.length <= mostRedirects; ) {
      const url = urls.at(-1) ?? start;
      const answer = await this.#send(url, findSite(from, urls), from, request);
      answers.push(answer);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return { ...answer, answers };
      const next = new URL(location, url);
      if (next.pathname === stopBefore || !followRedirects) return { ...answer, answers, next };
      urls.push(next);
      request = { ...(options.headers ? { headers: options.headers } : {}) };
    }
    throw new Error(`more than ${mostRedirects} redirects, the last to ${urls.at(-1)?.pathname}`);
  }

  async #send(url: URL, site: string, from: URL | undefined, options: VisitOptions): Promise<Answer> {
    const { method = 'GET', headers = {}, body } = options;
    const cookie = this.cookies.headerFor(url);
    const response = await this.#fetch(url, {
      method,
      headers: {
        accept: 'text/html,application/xhtml+xml',
        'user-agent': 'Mozilla/5.0 (a browser of the tests)',
        'sec-fetch-site': site,
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        ...(method === 'POST' && from ? { origin: from.origin } : {}),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
    for (const setCookie of response.headers.getSetCookie()) this.cookies.take(url, setCookie);
    return { url, status: response.status, headers: response.headers, body: await response.text() };
  }
}

/** The value of Sec-Fetch-Site (Fetch Metadata, 2.4): redirects through elsewhere are not forgotten. */
function findSite(from: URL | undefined, urls: readonly URL[]): string {
  if (from === undefined) return 'none';
  if (urls.every((url) => url.origin === from.origin)) return 'same-origin';
  return urls.every((url) => url.hostname === from.hostname) ? 'same-site' : 'cross-site';
}

/** The text of the page's heading. */
export function readHeading({ body }: { readonly body: string }): string {
  return decodeHtml(/<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1]?.trim() ?? '');
}
