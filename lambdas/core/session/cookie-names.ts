/** The names of one deployment's cookies. */
export interface CookieNames {
  readonly session: string;
  /** The beginning of the names of browser cookies. Earlier versions set one cookie with exactly this name. */
  readonly browser: string;
  /** Counts redirects of users who are already signed in, see `redirect-loop.ts`. */
  readonly rounds: string;
}

/**
 * Builds the names of one deployment's cookies. Deployments on one host have different names, so that none reads, replaces
 * or deletes a cookie of another.
 *
 * @param cookieName of the config, without the words session, browser and rounds. Empty for a deployment without one
 */
export function buildCookieNames(cookieName: string): CookieNames {
  const beginning = `__Host-one-login-${cookieName === '' ? '' : `${cookieName}-`}`;
  return {
    session: `${beginning}session`,
    browser: `${beginning}browser`,
    rounds: `${beginning}rounds`,
  };
}
