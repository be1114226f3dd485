import { type CompleteLoginDependencies, completeLogin } from '../core/flow/complete-login.ts';
import type { LoginPurpose } from '../core/flow/login-attempt.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import { buildSessionCookie, readBrowserSecrets, readSessionCredential } from '../core/session/cookies.ts';
import { serializeSessionCredential } from '../core/session/session-key.ts';
import { pageRoute } from '../http/page-route.ts';
import { renderMessage } from '../http/pages/message.ts';
import type { Pages } from '../http/pages/pages.ts';
import { emptyResponse, htmlResponse, redirect, withCookies } from '../http/response.ts';
import type { RouteHandler } from '../http/route.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

export interface CallbackHandlerDependencies extends Omit<CompleteLoginDependencies, 'onReturn'> {
  readonly logger: Logger;
  readonly pages: Pages;
  readonly cookies: CookieNames;
}

/** `GET /auth/callback`, the redirect URI */
export function createCallbackHandler(dependencies: CallbackHandlerDependencies): RouteHandler {
  const { logger, pages, cookies, settings } = dependencies;
  const { publicUrl } = settings;
  const onReturn = (purpose: LoginPurpose) => logger.metric({ returned: 1, signed_in: 0 }, { purpose });
  return pageRoute({ route: 'callback', logger, pages, cookies, publicUrl }, async (request, signal) => {
    if (request.method === 'HEAD') return emptyResponse();
    const {
      redirectTo,
      language,
      sessionCredential: credential,
      purpose,
      audit,
      replacedSessionLeft,
      refusal,
    } = await completeLogin(
      { ...withSignal(dependencies, signal), onReturn },
      {
        query: request.query,
        browserSecrets: readBrowserSecrets(request.cookieHeaders, cookies),
        sessionCredential: readSessionCredential(request.cookieHeaders, cookies),
      },
    );
    for (const event of audit) {
      logger.audit(event, request.requestId);
      if (event.action !== 'identity_checked') continue;
      logger.metric({ identity_checked: 1 }, { outcome: event.outcome });
    }
    if (refusal !== undefined) throw refusal;
    if (purpose !== undefined) logger.metric({ signed_in: 1, sign_in_failed: 0 }, { purpose });
    if (replacedSessionLeft !== undefined) {
      const failure = describeError(replacedSessionLeft);
      logger.log('error', 'replaced_session_left', {
        route: 'callback',
        request_id: request.requestId,
        ...failure,
      });
      logger.metric({ replaced_sessions_left: 1 }, {});
    }
    const setCookies = credential
      ? [buildSessionCookie(serializeSessionCredential(credential), cookies)]
      : [];
    return redirectTo === undefined
      ? withCookies(
          htmlResponse(200, renderMessage(pages, publicUrl, { page: 'identity-not-proved', language })),
          setCookies,
        )
      : redirect(redirectTo, setCookies);
  });
}
