import { buildCookieNames } from '../../lambdas/core/session/cookie-names.ts';

/** The names of the cookies of a deployment without a name of its own for them. */
export const cookieNames = buildCookieNames('');
export const { session: sessionCookieName, browser: browserCookieName } = cookieNames;
