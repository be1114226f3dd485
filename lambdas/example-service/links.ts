import type { Language } from '../core/language.ts';
import type { ApiPath, Path } from '../example-service-pages.ts';

/** The links of the pages in one language. */
export interface Links {
  /** A page below the service's own address, which is `/live` without a domain. */
  page(path: Path): string;
  /** A path of the protected API, which returns the same in each language. */
  api(path: ApiPath): string;
  /** The page itself in the other language. */
  inOtherLanguage(path: Path): string;
  /** Signs in or proves the identity, and returns to a page of the service. */
  begin(route: 'login' | 'prove-identity', returnTo: Path): string;
}

/**
 * Links are paths, so that they work at every host of the API. They contain the language only when it is not the usual one.
 *
 * @param usual the language of the session, or English
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function createLinks(language: Language, usual: Language, publicUrl: string): Links {
  const auth = new URL(publicUrl).pathname;
  const serviceUrl = auth.slice(0, auth.lastIndexOf('/'));
  const inLanguage = (path: Path, of: Language) => `${serviceUrl}${path}?lang=${of}`;
  const page = (path: Path) => (language === usual ? `${serviceUrl}${path}` : inLanguage(path, language));
  return {
    page,
    api: (path) => `${serviceUrl}${path}`,
    inOtherLanguage: (path) => inLanguage(path, language === 'cy' ? 'en' : 'cy'),
    begin: (route, returnTo) =>
      `${auth}/${route}?${new URLSearchParams({ return_to: page(returnTo), lang: language })}`,
  };
}
