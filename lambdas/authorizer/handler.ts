import type { APIGatewayAuthorizerResult, Context } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { authorizeRequest } from '../core/flow/authorize-request.ts';
import { withSignal } from '../core/flow/with-signal.ts';
import type { VectorOfTrust } from '../core/one-login/vector-of-trust.ts';
import type { Clock, SessionStore } from '../core/ports.ts';
import type { CookieNames } from '../core/session/cookie-names.ts';
import type { SessionPayload } from '../core/session/session.ts';
import { readLoggedMethod } from '../http/log-method.ts';
import { withinTime } from '../http/within-time.ts';
import { describeError, describeUnknownError, type Logger } from '../telemetry/logger.ts';
import type { AuthorizerDecision } from '../telemetry/metrics.ts';
import { type AuthorizerClaim, describeUser } from './context.ts';
import { type DenialReason, describeDenial } from './denials.ts';
import { type AuthorizerRequest, readAuthorizerEvent } from './event.ts';
import { buildPolicy, namesOneMethod } from './policy.ts';

export interface AuthorizerDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'extendIdle'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: AuthorizerSettings;
}

export interface AuthorizerSettings {
  /** The session must have reached this level, or a better one. */
  readonly level: VectorOfTrust;
  /** The route that raises a user's level, below `/auth`. */
  readonly stepUp: string;
  /** The optional claims to pass on. */
  readonly claims: readonly AuthorizerClaim[];
  /** Other origins whose pages may use unsafe methods. */
  readonly trustedOrigins: readonly string[];
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  readonly idleMilliseconds: number;
  readonly cookies: CookieNames;
}

/** What Lambda calls. */
export type AuthorizerHandler = (
  event: unknown,
  context?: Partial<Pick<Context, 'getRemainingTimeInMillis'>>,
) => Promise<APIGatewayAuthorizerResult>;

interface Decision {
  readonly code: AuthorizerDecision;
  /** Absent when the user is not signed in. */
  readonly answer?: APIGatewayAuthorizerResult;
}

/** Mapped headers begin with this. A similar header of the caller would reach the application beside them. */
const reservedHeader = /^x[-_]one[-_]login/;

/**
 * Creates the Lambda authorizer of one level, for the service's own APIs. Without a signed-in user it throws `Unauthorized`,
 * for which API Gateway responds with 401. It responds with 403 for a policy that denies, and with 500 for any other error.
 * See docs/authorizer.md.
 */
export function createAuthorizer(dependencies: AuthorizerDependencies): AuthorizerHandler {
  const { logger, settings } = dependencies;
  const route = `authorizer ${settings.level}`;
  const ownOrigin = new URL(settings.publicUrl).origin;
  let coldStart = true;

  return async (event, context = {}) => {
    const started = performance.now();
    const wasCold = coldStart;
    coldStart = false;
    if (wasCold) logger.collect('cold_starts', 1);
    const request = readAuthorizerEvent(event);
    const { code, answer } = await withinTime(context, (signal) => decide(request, signal))
      .catch((error: unknown) => {
        throw logFailure(error, request);
      })
      .finally(() => logger.flush());
    logger.log('info', 'decided', {
      route,
      request_id: request.requestId,
      method: readLoggedMethod(request.method),
      code,
      duration_ms: Math.round(performance.now() - started),
      cold_start: wasCold,
    });
    logger.metric({ authorizer_decisions: 1 }, { decision: code });
    if (answer === undefined) throw new Error('Unauthorized');
    return answer;
  };

  async function decide(request: AuthorizerRequest, signal: AbortSignal): Promise<Decision> {
    if (!namesOneMethod(request.methodArn)) return deny(request, 'path_not_allowed');
    if (request.headerNames.some((name) => reservedHeader.test(name))) {
      return deny(request, 'header_not_allowed');
    }
    const bound = withSignal(dependencies, signal);
    const authorization = await authorizeRequest(bound, { ...settings, ownOrigin }, request);
    if ('extensionFailure' in authorization && authorization.extensionFailure !== undefined) {
      const failure = describeError(authorization.extensionFailure);
      logger.log('error', 'session_not_extended', { route, request_id: request.requestId, ...failure });
    }
    switch (authorization.kind) {
      case 'authorized':
        return allow(request, authorization.session);
      case 'login_required':
        return { code: authorization.kind };
      default:
        return deny(request, authorization.kind);
    }
  }

  function allow({ methodArn, requestId }: AuthorizerRequest, session: SessionPayload): Decision {
    const { context, omitted } = describeUser(session, settings.claims);
    if (omitted.length > 0) {
      const message = `too long to be passed on: ${omitted.join(', ')}`;
      logger.log('warn', 'claims_omitted', { route, request_id: requestId, message });
    }
    return { code: 'authorized', answer: buildPolicy('Allow', methodArn, session.sub, context) };
  }

  function deny({ methodArn, requestId }: AuthorizerRequest, reason: DenialReason): Decision {
    logger.audit({ action: 'refused', code: reason }, requestId);
    return {
      code: reason,
      answer: buildPolicy('Deny', methodArn, 'denied', describeDenial(reason, settings)),
    };
  }

  /** @returns the error to throw instead, because Lambda logs an error with everything in it */
  function logFailure(error: unknown, { requestId }: AuthorizerRequest): Error {
    const known = error instanceof RelyingPartyError ? error : undefined;
    const code = known?.code ?? 'unexpected';
    const fault = known?.definition.fault ?? 'configuration';
    logger.log('error', 'refused', {
      route,
      request_id: requestId,
      code,
      fault,
      message: known?.message ?? 'an unexpected error',
      ...(known === undefined ? describeUnknownError(error) : {}),
      ...(known?.cause === undefined ? {} : describeUnknownError(known.cause)),
    });
    logger.metric({ refused: 1 }, { code, fault });
    return new Error(code);
  }
}
