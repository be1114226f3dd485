import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { clearedSessionCookie } from '../core/session/cookies.ts';
import { describeUnknownError, type Logger } from '../telemetry/logger.ts';
import { renderErrorPage } from './pages/error-page.ts';
import { html, json } from './response.ts';

export interface ErrorResponseOptions {
  readonly route: string;
  readonly logger: Logger;
  readonly serviceName: string;
  readonly publicUrl: string;
  /**
   * What the route answers with: browsers are shown a page, programs get JSON, and One Login what its notification
   * expects (OIDC Back-Channel Logout 2.8), whose failures are all 400 or 500.
   */
  readonly format: 'page' | 'json' | 'backchannel-logout';
  /** Whether it is signing out that failed, and not signing in. */
  readonly signsOut?: true;
}

/** The one place where an error becomes an answer, and a line in the log. */
export function errorsToResponses(
  options: ErrorResponseOptions,
): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const requestId = request.event.requestContext.requestId;
      const known = request.error instanceof RelyingPartyError ? request.error : undefined;
      const error = known ?? new RelyingPartyError('unexpected', 'an error that the code does not know');
      const { status, fault } = error.definition;
      options.logger.log(fault === 'caller' ? 'info' : 'error', 'refused', {
        route: options.route,
        request_id: requestId,
        code: error.code,
        fault,
        status,
        message: error.message,
        ...(known?.cause === undefined ? {} : describeUnknownError(known.cause)),
        ...(known ? {} : describeUnknownError(request.error)),
      });
      options.logger.audit({ action: 'refused', code: error.code }, requestId);
      options.logger.metric({ refused: 1 }, { code: error.code, fault });
      if (options.format === 'backchannel-logout') {
        // A token that is not believed is its sender's fault, whatever else is ours.
        const refused = Number(fault === 'caller');
        options.logger.metric(
          { logout_accepted: 0, logout_refused: refused, logout_failed: 1 - refused, sessions_ended: 0 },
          {},
        );
      }
      request.response = toResponse(error, requestId, options);
    },
  };
}

function toResponse(
  error: RelyingPartyError,
  requestId: string,
  options: ErrorResponseOptions,
): APIGatewayProxyResult {
  const response = formats[options.format](error, requestId, options);
  if (error.endsSession) response.multiValueHeaders = { 'Set-Cookie': [clearedSessionCookie()] };
  const { retryAfter } = error.definition;
  if (retryAfter !== undefined) response.headers = { ...response.headers, 'Retry-After': `${retryAfter}` };
  return response;
}

type Format = (
  error: RelyingPartyError,
  requestId: string,
  options: ErrorResponseOptions,
) => APIGatewayProxyResult;

const formats: Readonly<Record<ErrorResponseOptions['format'], Format>> = {
  page: (error, reference, { serviceName, publicUrl, signsOut = false }) => {
    const { status, page } = error.definition;
    const { startAgain } = error;
    return html(status, renderErrorPage(page, { serviceName, publicUrl, reference, startAgain, signsOut }));
  },
  json: (error, reference) => json(error.definition.status, { error: error.code, reference }),
  'backchannel-logout': ({ definition: { fault, status }, code, message }) =>
    fault === 'caller'
      ? json(status, { error: 'invalid_request', error_description: `${code}: ${message}` })
      : json(500, { error: 'server_error', error_description: code }),
};
