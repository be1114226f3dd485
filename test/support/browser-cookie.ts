import { browserCookieName } from './cookie-names.ts';

interface Cookies {
  keys(): Iterable<string>;
  get(name: string): string | undefined;
}

/** The names of the cookies that bind attempts to the browser. */
export function browserCookieNamesIn(cookies: Cookies): readonly string[] {
  return [...cookies.keys()].filter((name) => name.startsWith(browserCookieName));
}

/** The one cookie that binds attempts to the browser. */
export function browserCookieIn(cookies: Cookies): { readonly name: string; readonly value: string } {
  const [name, ...others] = browserCookieNamesIn(cookies);
  if (name === undefined || others.length > 0) throw new Error('expected one browser cookie');
  return { name, value: cookies.get(name) ?? '' };
}
