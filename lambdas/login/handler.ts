import { RelyingPartyError } from '../core/errors.ts';
import { type BeginLoginDependencies, beginLogin } from '../core/flow/begin-login.ts';
import { beginReauthentication } from '../core/flow/begin-reauthentication.ts';
import { browserCookie, readBrowserCookie, readCookie, sessionCookieName } from '../core/session/cookies.ts';
import { parseSessionCredential } from '../core/session/session-key.ts';
import type { Logger } from '../http/logger.ts';
import { languageParameter, queryParameter } from '../http/request.ts';
import { redirect } from '../http/response.ts';
import { type RouteHandler, route } from '../http/route.ts';

export interface LoginHandlerDependencies extends BeginLoginDependencies {
  readonly logger: Logger;
  readonly serviceName: string;
}

/** What begins at each route of this function. */
const beginnings = new Map<string, typeof beginLogin>([
  ['/auth/login', beginLogin],
  ['/auth/reauthenticate', beginReauthentication],
]);

/** `GET /auth/login`, `GET /auth/reauthenticate` */
export function createLoginHandler(dependencies: LoginHandlerDependencies): RouteHandler {
  const { logger, serviceName, settings } = dependencies;
  return route(
    { route: 'login', logger, serviceName, publicUrl: settings.publicUrl, format: 'page' },
    async (request) => {
      const begin = beginnings.get(request.resource);
      if (begin === undefined)
        throw new RelyingPartyError('not_found', 'the login function has no such route');
      const begun = await begin(dependencies, {
        returnTo: queryParameter(request, 'return_to'),
        language: languageParameter(request, 'lang') ?? 'en',
        browserSecret: readBrowserCookie(request.cookieHeaders),
        sessionCredential: parseSessionCredential(readCookie(request.cookieHeaders, sessionCookieName)),
      });
      return redirect(begun.redirectTo, begun.kind === 'begun' ? [browserCookie(begun.browserSecret)] : []);
    },
  );
}
