import type { APIGatewayProxyResult } from 'aws-lambda';
import type { RouteHandler } from '../../lambdas/http/route.ts';
import { apiEvent, lambdaContext } from './api-event.ts';

/** A browser as far as cookies go, in front of the handlers. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #routes: Readonly<Record<string, RouteHandler>>;

  constructor(routes: Readonly<Record<string, RouteHandler>>) {
    this.#routes = routes;
  }

  /** @param path with its query, such as `/auth/login?return_to=/` */
  async request(
    path: string,
    options: { method?: string; headers?: Readonly<Record<string, string>>; body?: string } = {},
  ): Promise<APIGatewayProxyResult> {
    const [route = ''] = path.split('?');
    const handler = this.#routes[route];
    if (handler === undefined) throw new Error(`there is no handler at ${route}`);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { Cookie: cookie }), ...options.headers };
    const response = await handler(apiEvent({ path, ...options, headers }), lambdaContext());
    for (const setCookie of response.multiValueHeaders?.['Set-Cookie'] ?? []) this.#take(String(setCookie));
    return response;
  }

  /** Another window of the same browser, at another time. */
  clone(): Browser {
    const browser = new Browser(this.#routes);
    for (const [name, value] of this.cookies) browser.cookies.set(name, value);
    return browser;
  }

  #take(setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split('; ');
    const at = pair.indexOf('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** Where a response redirects to. */
export function readLocation(response: APIGatewayProxyResult): string {
  return String(response.headers?.['Location'] ?? '');
}
