import type { AuditEvent } from '../audit.ts';
import { RelyingPartyError } from '../errors.ts';
import type { Language } from '../language.ts';
import {
  buildAuthorizationError,
  validateAuthorizationResponse,
} from '../one-login/authorization-response.ts';
import { buildClientAssertion } from '../one-login/client-assertion.ts';
import type {
  AttemptLookup,
  LoginAttemptStore,
  ProviderDocumentStore,
  SessionStore,
  Signer,
} from '../ports.ts';
import type { SessionLifetimes } from '../session/lifetimes.ts';
import type { NotProvedReason } from '../session/session.ts';
import { deriveSessionKey, hash, type SessionCredential } from '../session/session-key.ts';
import { openSecrets } from './attempt-secrets.ts';
import { determineIdentityOutcome, type IdentityOutcomeDependencies } from './determine-identity-outcome.ts';
import { establishSession } from './establish-session.ts';
import { type ExchangeCodeDependencies, type ExchangeCodeSettings, exchangeCode } from './exchange-code.ts';
import { type Journeys, provesIdentity, readJourney } from './journey.ts';
import type { LoginAttempt, LoginPurpose, RememberedAttempt } from './login-attempt.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';
import { readSession } from './read-session.ts';
import { recordNotProved } from './record-not-proved.ts';
import { type ReturnAddress, trustedAddress } from './return-to.ts';
import { unwrap } from './settled.ts';
import { rememberSigningKey } from './signing-key.ts';
import { buildStartUrl, repeatParameter, withStartAgain } from './start-again.ts';

export interface CompleteLoginDependencies extends ExchangeCodeDependencies {
  readonly identityKeys: IdentityOutcomeDependencies['identityKeys'];
  readonly documents: Pick<ProviderDocumentCache, 'metadata' | 'find' | 'remember'>;
  readonly store: Pick<ProviderDocumentStore, 'put'>;
  readonly attempts: LoginAttemptStore;
  readonly sessions: Omit<SessionStore, 'deleteAll' | 'rememberJti'>;
  readonly signer: Signer;
  readonly settings: CallbackSettings;
  /**
   * Called once for each attempt, when the browser that began it returns with a code. It is not called for an error,
   * which consumes nothing and can come any number of times, and not for a code that One Login refuses, which anyone can
   * make up.
   */
  readonly onReturn: (purpose: LoginPurpose) => void;
}

/** The settings of the callback. */
export interface CallbackSettings extends ExchangeCodeSettings {
  readonly defaultPage: ReturnAddress;
  readonly lifetimes: SessionLifetimes;
  readonly coreIdentity: IdentityOutcomeDependencies['settings']['coreIdentity'];
  /** The page for users whose identity was not proved. Without it they see a page of ours. */
  readonly notProvedUrl?: ReturnAddress;
  readonly journeys: Journeys;
}

export interface CompleteLoginRequest {
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The values of the browser cookies. */
  readonly browserSecrets: readonly string[];
  readonly sessionCredential: SessionCredential | undefined;
}

/** How the callback ends. */
export interface CompletedLogin {
  /** Undefined for a user whose identity was not proved and who sees our page about it. */
  readonly redirectTo: ReturnAddress | undefined;
  readonly language: Language;
  /** The credential of the new session. Absent when the user was already signed in. */
  readonly sessionCredential?: SessionCredential;
  /** The purpose of the attempt that was completed. Absent when the user was already signed in. */
  readonly purpose?: LoginPurpose;
  /** Empty when the request changed nothing. */
  readonly audit: readonly AuditEvent[];
  /** Why the replaced session could not be deleted. Absent when it was, or there was none. */
  readonly replacedSessionLeft?: unknown;
  /** The error to respond with, in place of a redirect, once the audit events are written. */
  readonly refusal?: unknown;
}

/**
 * Finishes authentication: consumes the attempt, exchanges the code, and stores a session (RFC 6749 4.1.2 to 4.1.4).
 *
 * Only a response with a code consumes the attempt. With two tabs, One Login responds to the older one with
 * `access_denied` under the `state` of the newer one.
 *
 * @throws RelyingPartyError for every other outcome, with `startAgain` once the attempt has been read
 */
export async function completeLogin(
  dependencies: CompleteLoginDependencies,
  request: CompleteLoginRequest,
): Promise<CompletedLogin> {
  const { attempts, clock, documents, settings, signer } = dependencies;
  const beganAt = clock.now();
  const response = validateAuthorizationResponse(request.query);
  if (request.browserSecrets.length === 0)
    return resumeOrRestart(dependencies, request, { kind: 'without_cookie' });
  const stateHash = hash(response.state);
  const browserHashes = request.browserSecrets.map(hash);
  if (response.kind === 'error') {
    const lookup = await attempts.read(stateHash, browserHashes, beganAt);
    return lookup.kind === 'found'
      ? handleAuthorizationError(dependencies, request, lookup.attempt, response, () =>
          attempts.markFailed(stateHash, browserHashes, beganAt),
        )
      : resumeOrRestart(dependencies, request, lookup);
  }

  const { code } = response;
  const { clientId, issuer } = settings;
  const [consumed, assertion, discovered] = await Promise.allSettled([
    attempts.consume(stateHash, browserHashes, beganAt),
    buildClientAssertion({ clientId, audience: issuer, now: beganAt }, signer),
    documents.metadata().then((metadata) => {
      dependencies.provider.connect?.(metadata.token_endpoint);
      return metadata;
    }),
  ]);
  const lookup = unwrap(consumed);
  if (lookup.kind !== 'found') return resumeOrRestart(dependencies, request, lookup);
  const { attempt } = lookup;
  try {
    const exchanged = await exchange().catch((error: unknown) => {
      if (!isGrantRefused(error)) dependencies.onReturn(attempt.purpose);
      throw error;
    });
    dependencies.onReturn(attempt.purpose);
    const [identity] = await Promise.all([
      determineIdentityOutcome(dependencies, attempt, exchanged),
      rememberSigningKey(dependencies, exchanged.idToken.kid, beganAt),
    ]);
    const { redirectTo, ...established } = await establishSession(dependencies, {
      ...exchanged,
      identity,
      attempt,
      beganAt,
      ...request,
    });
    const destination =
      identity?.outcome === 'not_proved' ? chooseNotProvedUrl(settings, attempt) : redirectTo;
    const { language, purpose } = attempt;
    return { ...established, redirectTo: destination, language, purpose };
  } catch (error) {
    if (isAuthenticationTooOld(error) && !attempt.repeats) return repeatAuthentication(settings, attempt);
    throw withStartAgain(error, attempt);
  }

  async function exchange() {
    const opened = { ...attempt, ...openSecrets(attempt, response.state) };
    return exchangeCode(dependencies, opened, {
      code,
      clientAssertion: unwrap(assertion),
      metadata: unwrap(discovered),
    });
  }
}

function isGrantRefused(error: unknown): boolean {
  return error instanceof RelyingPartyError && error.code === 'token_grant_refused';
}

/**
 * Redirects to our own route, which can sign, so that the user goes to One Login once more. One Login requires this when
 * the authentication is older than `max_age`: the ID token must be refused and the request repeated.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/authenticate-your-user/
 */
function repeatAuthentication({ publicUrl }: CallbackSettings, attempt: LoginAttempt): CompletedLogin {
  const redirectTo = trustedAddress(buildStartUrl(publicUrl, attempt, { [repeatParameter]: 'max_age' }));
  return { redirectTo, language: attempt.language, audit: [] };
}

function isAuthenticationTooOld(error: unknown): boolean {
  return (
    error instanceof RelyingPartyError &&
    (error.code === 'max_age_ignored' || error.code === 'id_token_auth_time_too_old')
  );
}

/**
 * Handles an error that One Login sent. After a failed re-authentication One Login has ended its own session, so ours ends
 * too, unless it began after the attempt: Back and reloads repeat this request after the user has signed in again. Every
 * other error leaves the user signed in. `access_denied` to an identity request means that the identity was not proved.
 * That is recorded in the session, and the user goes to the configured page, or may try again when the check was
 * interrupted.
 *
 * @param markFailed called for an error that only the query string claims, unless the attempt has one already. So the
 *   reloads of one callback count once
 */
async function handleAuthorizationError(
  dependencies: CompleteLoginDependencies,
  { sessionCredential }: CompleteLoginRequest,
  attempt: LoginAttempt,
  response: { readonly error: string; readonly description?: string },
  markFailed: () => Promise<boolean>,
): Promise<CompletedLogin> {
  const { settings } = dependencies;
  const { purpose, language } = attempt;
  const error = buildAuthorizationError(response, purpose === 'prove-identity' ? attempt : undefined);
  const endsSession =
    error.code === 'authorization_login_required' &&
    (await endOlderSession(dependencies, sessionCredential, attempt));
  const reason = notProvedReasons.get(error.code);
  const repeated =
    error.definition.fault === 'claimed' && (attempt.failed || !(await markFailed().catch(() => true)));
  const refusal = withStartAgain(error.with({ endsSession, repeated }), attempt);
  if (purpose !== 'prove-identity' || reason === undefined) throw refusal;
  const record = await recordNotProved(dependencies, attempt, sessionCredential, reason).catch(
    (failure: unknown) => {
      throw withStartAgain(failure, attempt);
    },
  );
  if (record.kind === 'no_session') throw refusal;
  if (record.kind === 'proved') return { redirectTo: attempt.returnTo, language, audit: [] };
  const ended = { redirectTo: chooseNotProvedUrl(settings, attempt), language, audit: record.audit };
  return reason === 'interrupted' ? { ...ended, refusal } : ended;
}

/** Ends the browser's session, unless it began after the attempt. @returns whether it was ended */
async function endOlderSession(
  dependencies: CompleteLoginDependencies,
  credential: SessionCredential | undefined,
  attempt: LoginAttempt,
): Promise<boolean> {
  if (credential === undefined) return false;
  const session = await readSession(dependencies, credential);
  if (session !== undefined && session.payload.signedInAt > attempt.createdAt) return false;
  await dependencies.sessions.delete(deriveSessionKey(credential));
  return true;
}

/** The errors that end an identity request without a proved identity. */
const notProvedReasons: ReadonlyMap<string, NotProvedReason> = new Map([
  ['authorization_access_denied', 'access_denied'],
  ['authorization_interrupted', 'interrupted'],
]);

/** An attempt that the request can't finish. */
type Unfinishable = Exclude<AttemptLookup, { kind: 'found' }> | { readonly kind: 'without_cookie' };

/**
 * Handles a callback whose attempt can't be finished: Back, a reload, a double submit, a bookmark, an older tab. A user
 * who is signed in goes to the page they wanted. Any other user sees an error page where they can start again.
 */
async function resumeOrRestart(
  dependencies: CompleteLoginDependencies,
  { sessionCredential }: CompleteLoginRequest,
  lookup: Unfinishable,
): Promise<CompletedLogin> {
  if (lookup.kind === 'other_browser') throw lookupError(lookup);
  const session = await readSession(dependencies, sessionCredential);
  if (session === undefined) throw lookupError(lookup);
  const { defaultPage } = dependencies.settings;
  const { identity, language } = session.payload;
  if (!('returnTo' in lookup)) return { redirectTo: defaultPage, language, audit: [] };
  const notProved =
    lookup.purpose === 'prove-identity' &&
    (identity?.outcome === 'not_proved'
      ? identity.reason !== 'interrupted'
      : identity?.outcome === 'proved' &&
        lookup.kind === 'consumed' &&
        !provesIdentity(identity, readJourney(lookup)));
  const anotherUser = lookup.subjectKey !== undefined && lookup.subjectKey !== session.sealed.key.subjectKey;
  const destination = anotherUser ? defaultPage : lookup.returnTo;
  return {
    redirectTo: notProved ? chooseNotProvedUrl(dependencies.settings, lookup) : destination,
    language: lookup.language,
    audit: [],
  };
}

function chooseNotProvedUrl(
  { journeys, notProvedUrl }: CallbackSettings,
  { journey }: RememberedAttempt,
): ReturnAddress | undefined {
  return journeys.get(journey ?? '')?.notProvedUrl ?? notProvedUrl;
}

const refusals = {
  without_cookie: ['browser_cookie_missing', 'the callback has no browser cookie'],
  unknown: ['attempt_unknown', 'there is no attempt with this state'],
  other_browser: ['attempt_of_other_browser', 'the attempt belongs to another browser'],
  expired: ['attempt_expired', 'the attempt has expired'],
  consumed: ['attempt_consumed', 'the attempt is already consumed'],
} as const;

function lookupError(lookup: Unfinishable): unknown {
  const [code, message] = refusals[lookup.kind];
  const error = new RelyingPartyError(code, message);
  return 'returnTo' in lookup ? withStartAgain(error, lookup) : error;
}
