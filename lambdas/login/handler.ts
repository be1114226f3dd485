import { RelyingPartyError } from '../core/errors.ts';
import {
  beginIdentityProving,
  beginInPersonReturn,
  buildContinueUrl,
  chooseRequestAfterInPersonReturn,
} from '../core/flow/begin-identity-proving.ts';
import { type BeginLoginDependencies, beginLogin } from '../core/flow/begin-login.ts';
import { beginReauthentication } from '../core/flow/begin-reauthentication.ts';
import { type LoginPurpose, loginPurposes } from '../core/flow/login-attempt.ts';
import { isShownNavigation } from '../core/flow/navigation.ts';
import { countRound, roundMilliseconds } from '../core/flow/redirect-loop.ts';
import { type ReturnAddress, validateReturnTo } from '../core/flow/return-to.ts';
import { buildStartUrl, repeatParameter, withStartAgain } from '../core/flow/start-again.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import { otherLanguage } from '../core/language.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import {
  buildBrowserCookies,
  buildRoundsCookie,
  readBrowserSecrets,
  readCookie,
  readSessionCredential,
} from '../core/session/cookies.ts';
import { preferredLanguage } from '../http/accept-language.ts';
import { pageRoute } from '../http/page-route.ts';
import { renderMessage } from '../http/pages/message.ts';
import type { Pages } from '../http/pages/pages.ts';
import { type HttpRequest, languageParameter, queryParameter } from '../http/request.ts';
import { emptyResponse, htmlResponse, redirect } from '../http/response.ts';
import type { RouteHandler } from '../http/route.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { readMessage } from './read-message.ts';

export interface LoginHandlerDependencies extends BeginLoginDependencies {
  readonly logger: Logger;
  readonly pages: Pages;
  readonly cookies: CookieNames;
}

/** The function for each route, which is named after the purpose. */
const beginnings: Readonly<Record<LoginPurpose, typeof beginLogin>> = {
  login: beginLogin,
  reauthenticate: beginReauthentication,
  'prove-identity': beginIdentityProving,
  'in-person-return': beginInPersonReturn,
};

/** `GET /auth/login`, `/auth/reauthenticate`, `/auth/prove-identity`, `/auth/in-person-return`, `/auth/message` */
export function createLoginHandler(dependencies: LoginHandlerDependencies): RouteHandler {
  const { clock, logger, pages, cookies, settings } = dependencies;
  const { publicUrl } = settings;
  const options = { route: 'login', logger, pages, cookies, publicUrl } as const;
  return pageRoute(options, async (request, signal) => {
    if (request.resource === '/auth/message') {
      return htmlResponse(200, renderMessage(pages, publicUrl, readMessage(request, settings)));
    }
    if (request.resource === '/auth/in-person-return' && queryParameter(request, 'step') === 'continue') {
      return continueToResult(request, signal);
    }
    const purpose = loginPurposes.find((each) => request.resource === `/auth/${each}`);
    if (purpose === undefined) {
      throw new RelyingPartyError('not_found', 'the login function has no such route');
    }
    if (request.method === 'HEAD') return emptyResponse();
    const returnTo = queryParameter(request, 'return_to');
    const journeys = request.query.get('journey') ?? [];
    const journey = journeys.find((name) => settings.journeys.has(name));
    const language = languageParameter(request, 'lang');
    const browserLanguage = preferredLanguage(request);
    const browserSecrets = readBrowserSecrets(request.cookieHeaders, cookies);
    try {
      const begun = await beginnings[purpose](withSignal(dependencies, signal), {
        returnTo,
        journeys,
        language,
        browserLanguage,
        repeats: request.query.has(repeatParameter),
        browserSecret: browserSecrets[0],
        sessionCredential: readSessionCredential(request.cookieHeaders, cookies),
      });
      if (begun.kind === 'already_signed_in') return redirectSignedIn(request, begun.redirectTo);
      // With zeros for the later steps, so that an alarm can compare the three even when no user reaches them.
      const started = Number(isShownNavigation(request.headerValues));
      logger.metric({ started, returned: 0, signed_in: 0 }, { purpose: begun.purpose });
      if (begun.placeNotKept !== undefined) logFailure('place_not_kept', request, begun.placeNotKept);
      return redirect(begun.redirectTo, buildBrowserCookies(begun.browserSecret, browserSecrets, cookies));
    } catch (error) {
      throw withStartAgain(error, {
        purpose,
        ...(journey === undefined ? {} : { journey }),
        returnTo: validateReturnTo(returnTo, settings),
        language: language ?? browserLanguage,
      });
    }
  });

  /** Counts how often, so that a page that redirects its users back at once does not do so for ever. */
  function redirectSignedIn({ cookieHeaders }: HttpRequest, address: ReturnAddress) {
    const round = countRound(readCookie(cookieHeaders, cookies.rounds), address, clock.now());
    return redirect(address, [buildRoundsCookie(round, roundMilliseconds / 1000, cookies)]);
  }

  /** The page between the two requests after an in-person check. The user starts the second one. */
  async function continueToResult(request: HttpRequest, signal: AbortSignal) {
    const identityRequest = await chooseRequestAfterInPersonReturn(
      withSignal(dependencies, signal),
      readSessionCredential(request.cookieHeaders, cookies),
      (failure) => logFailure('place_not_read', request, failure),
    );
    const language = languageParameter(request, 'lang') ?? preferredLanguage(request);
    return htmlResponse(
      200,
      pages.render('in-person-return', language, {
        actionUrl: buildStartUrl(publicUrl, { ...identityRequest, language }),
        languageUrl: buildContinueUrl(publicUrl, otherLanguage(language)),
      }),
    );
  }

  /** Logs a failure that the user does not notice. */
  function logFailure(event: string, { requestId }: HttpRequest, failure: unknown): void {
    logger.log('error', event, { route: 'login', request_id: requestId, ...describeError(failure) });
  }
}
