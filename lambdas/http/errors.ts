import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorDefinition, RelyingPartyError } from '../core/errors.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import { clearSessionCookie } from '../core/session/cookies.ts';
import { describeUnknownError, type Logger, type LogLevel } from '../telemetry/logger.ts';
import { preferredLanguage } from './accept-language.ts';
import { chooseErrorPage, renderMessage } from './pages/message.ts';
import type { Pages } from './pages/pages.ts';
import { languageParameter, readRequest } from './request.ts';
import { readRequestId, shortenRequestId } from './request-id.ts';
import { htmlResponse, jsonResponse } from './response.ts';

/**
 * The form of the route's errors: a page for browsers, JSON for programs, and 400 or 500 for One Login's notifications (OIDC
 * Back-Channel Logout 2.8).
 */
export type ErrorResponseOptions = PageOptions | ProgramOptions;

interface ProgramOptions {
  readonly route: string;
  readonly logger: Logger;
  readonly format: 'json' | 'backchannel-logout';
}

interface PageOptions {
  readonly route: string;
  readonly logger: Logger;
  readonly format: 'page';
  readonly pages: Pages;
  readonly cookies: CookieNames;
  readonly publicUrl: string;
  /** Whether the route signs users out. */
  readonly signsOut?: boolean;
}

const signInRoutes: readonly string[] = ['login', 'callback'];
/** The faults that no request can make up. */
const verifiedFaults: readonly ErrorDefinition['fault'][] = ['provider', 'aws', 'configuration'];

const levels = {
  caller: 'info',
  claimed: 'warn',
  provider: 'error',
  aws: 'error',
  configuration: 'error',
} as const satisfies Record<ErrorDefinition['fault'], LogLevel>;

/** Turns every error into a response and a line in the log. */
export function errorsToResponses(
  options: ErrorResponseOptions,
): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const requestId = readRequestId(request.event.requestContext.requestId);
      const known = request.error instanceof RelyingPartyError ? request.error : undefined;
      const error = known ?? new RelyingPartyError('unexpected', 'an unexpected error');
      const { status, fault } = error.definition;
      options.logger.log(levels[fault], 'refused', {
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
      if (!error.context.repeated) options.logger.metric({ refused: 1 }, { code: error.code, fault });
      if (fault === 'claimed' && status >= 500) options.logger.metric({ claimed_5xx: 1 }, {});
      if (signInRoutes.includes(options.route) && verifiedFaults.includes(fault)) {
        options.logger.metric({ sign_in_failed: 1 }, {});
      }
      if (options.format === 'backchannel-logout') {
        // An invalid token counts as refused, unless One Login has signed it. Everything else is our failure.
        const refused = Number(fault === 'caller' && !error.context.genuine);
        options.logger.metric(
          { logout_accepted: 0, logout_refused: refused, logout_failed: 1 - refused, sessions_ended: 0 },
          {},
        );
      }
      request.response = toResponse(error, request.event, options);
    },
  };
}

function toResponse(
  error: RelyingPartyError,
  event: APIGatewayProxyEvent,
  options: ErrorResponseOptions,
): APIGatewayProxyResult {
  const response =
    options.format === 'page'
      ? errorPage(error, event, options)
      : answers[options.format](error, readRequestId(event.requestContext.requestId));
  if (error.context.endsSession && options.format === 'page') {
    response.multiValueHeaders = { 'Set-Cookie': [clearSessionCookie(options.cookies)] };
  }
  const { retryAfter } = error.definition;
  if (retryAfter !== undefined) response.headers = { ...response.headers, 'Retry-After': `${retryAfter}` };
  return response;
}

function errorPage(
  error: RelyingPartyError,
  event: APIGatewayProxyEvent,
  { pages, publicUrl, signsOut = false }: PageOptions,
): APIGatewayProxyResult {
  const { startAgain, language } = error.context;
  const { status, page } = error.definition;
  const request = readRequest(event);
  const message = {
    page: chooseErrorPage(page, { signsOut, purpose: startAgain?.purpose }),
    language:
      startAgain?.language ?? languageParameter(request, 'lang') ?? language ?? preferredLanguage(request),
    reference: shortenRequestId(request.requestId),
    ...(startAgain === undefined ? {} : { startAgain }),
  };
  return htmlResponse(status, renderMessage(pages, publicUrl, message));
}

type Answer = (error: RelyingPartyError, requestId: string) => APIGatewayProxyResult;

const answers: Readonly<Record<ProgramOptions['format'], Answer>> = {
  json: (error, requestId) =>
    jsonResponse(error.definition.status, { error: error.code, reference: shortenRequestId(requestId) }),
  'backchannel-logout': ({ definition: { fault, status }, code, message }) =>
    fault === 'caller'
      ? jsonResponse(status, { error: 'invalid_request', error_description: `${code}: ${message}` })
      : jsonResponse(500, { error: 'server_error', error_description: code }),
};
