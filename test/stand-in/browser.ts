export const redirectUri = 'http://localhost:8080/auth/callback';

/** What the redirect to the service carries. @throws when the response redirects elsewhere */
export function readCallback(response: Response): URLSearchParams {
  const location = response.headers.get('location') ?? '';
  if (!location.startsWith(redirectUri)) throw new Error(`${response.status}, redirects to "${location}"`);
  return new URL(location).searchParams;
}

/** Keeps the stand-in's cookie, and follows no redirect. */
export class Browser {
  #cookie: string | undefined;

  get(url: string): Promise<Response> {
    return this.#send(url, {});
  }

  post(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.#send(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  forgetCookies(): void {
    this.#cookie = undefined;
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const headers: Record<string, string> = { 'user-agent': 'a browser' };
    if (this.#cookie !== undefined) headers['cookie'] = this.#cookie;
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.includes('Max-Age=0') ? undefined : cookie.split(';')[0];
    return response;
  }
}
