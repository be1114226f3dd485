import { CommandError } from '../command.ts';
import type { Answer, Transport } from '../doctor/transport.ts';

/** Where a visitor's pages are. */
export interface Places {
  /** The public URL, up to and with `/auth`. */
  readonly publicUrl: string;
  /** The stand-in for One Login. */
  readonly oneLogin: string;
}

export interface Userinfo {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A page, or the response where a visitor ended up. */
interface Page {
  readonly url: string;
  readonly answer: Answer;
}

const mostRedirects = 10;

/** A user of a deployed service, with the cookies of one browser. */
export class Visitor {
  readonly #cookies = new Map<string, string>();
  readonly #transport: Pick<Transport, 'send'>;
  readonly #places: Places;
  /** The id of the person at the stand-in. */
  readonly person: string;

  constructor(person: string, places: Places, transport: Pick<Transport, 'send'>) {
    this.person = person;
    this.#places = places;
    this.#transport = transport;
  }

  /** Goes from one of our routes through One Login, and back to the service. @throws CommandError where it ends elsewhere */
  async signIn(route: 'login' | 'prove-identity' = 'login'): Promise<void> {
    const { publicUrl, oneLogin } = this.#places;
    let page = await this.#open(`${publicUrl}/${route}?return_to=/`);
    const [, journey] = /name="journey" value="([^"]+)"/.exec(page.answer.body) ?? [];
    if (page.url.startsWith(`${oneLogin}/`) && journey !== undefined) {
      const body = new URLSearchParams({ journey, person: this.person }).toString();
      page = await this.#open(new URL('/sign-in', oneLogin).href, body);
    }
    const isBack = page.url.startsWith(new URL('/', publicUrl).href) && !page.url.startsWith(`${publicUrl}/`);
    if (!isBack) throw new CommandError(`/auth/${route} ends at ${describe(page)}`);
  }

  /** Reads who is signed in. */
  async userinfo(): Promise<Userinfo> {
    const { url, answer } = await this.#open(`${this.#places.publicUrl}/userinfo`);
    if (answer.status !== 200 && answer.status !== 401) {
      throw new CommandError(`/auth/userinfo ends at ${describe({ url, answer })}`);
    }
    return { status: answer.status, body: JSON.parse(answer.body) };
  }

  /** Signs out here and at One Login. @throws CommandError where it ends elsewhere than at our signed-out page */
  async signOut(): Promise<void> {
    const { publicUrl } = this.#places;
    const page = await this.#open(`${publicUrl}/logout`);
    if (!page.url.startsWith(`${publicUrl}/signed-out`) || page.answer.status !== 200) {
      throw new CommandError(`/auth/logout ends at ${describe(page)}`);
    }
    const { status } = await this.userinfo();
    if (status !== 401) throw new CommandError(`/auth/userinfo returns ${status} after signing out`);
  }

  /** Follows redirects, up to a page of the service itself, which the deployment does not have. */
  async #open(start: string, body?: string): Promise<Page> {
    let url = start;
    let form = body;
    for (let count = 0; count <= mostRedirects; count += 1) {
      const answer = await this.#send(url, form);
      const [location] = answer.headers['location'] ?? [];
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return { url, answer };
      form = undefined;
      url = new URL(location, url).href;
      const { publicUrl } = this.#places;
      const isService = new URL(url).origin === new URL(publicUrl).origin && !url.startsWith(`${publicUrl}/`);
      if (isService) return { url, answer };
    }
    throw new CommandError(`more than ${mostRedirects} redirects, the last to ${new URL(url).pathname}`);
  }

  async #send(url: string, form: string | undefined): Promise<Answer> {
    const exchange = await this.#transport.send({
      method: form === undefined ? 'GET' : 'POST',
      url,
      headers: {
        Accept: 'text/html',
        'User-Agent': 'one-login-rehearsal',
        Cookie: this.#readCookies(url),
        'Sec-Fetch-Site': 'same-origin',
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
        ...(form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: form }),
    });
    if (!('answer' in exchange)) throw new CommandError(`${describeUrl(url)}: ${exchange.failure}`);
    for (const cookie of exchange.answer.headers['set-cookie'] ?? []) {
      const [pair = '', ...attributes] = cookie.split(';');
      const at = pair.indexOf('=');
      const name = `${new URL(url).origin} ${pair.slice(0, at)}`;
      if (attributes.some((each) => each.trim() === 'Max-Age=0')) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(at + 1));
    }
    return exchange.answer;
  }

  #readCookies(url: string): string {
    const { origin } = new URL(url);
    return [...this.#cookies]
      .filter(([name]) => name.startsWith(`${origin} `))
      .map(([name, value]) => `${name.slice(origin.length + 1)}=${value}`)
      .join('; ');
  }
}

function describe({ url, answer }: Page): string {
  const [, heading = ''] = /<h1[^>]*>([^<]*)/.exec(answer.body) ?? [];
  return `${describeUrl(url)} with ${answer.status} ${heading}`.trim();
}

/** Without its query, which has secrets. */
function describeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
