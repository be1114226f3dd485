import type { AuditEvent } from '../audit.ts';
import { RelyingPartyError } from '../errors.ts';
import type { Language } from '../language.ts';
import {
  errorOfAuthorizationResponse,
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
import { establishSession } from './establish-session.ts';
import { type ExchangeCodeDependencies, type ExchangeCodeSettings, exchangeCode } from './exchange-code.ts';
import { type IdentityOutcomeDependencies, identityOutcome } from './identity-outcome.ts';
import type { LoginAttempt, LoginPurpose } from './login-attempt.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';
import { readSession } from './read-session.ts';
import { recordNotProved } from './record-not-proved.ts';
import { type ReturnAddress, trustedAddress } from './return-to.ts';
import { unwrap } from './settled.ts';
import { rememberKeyInUse } from './signing-key.ts';
import { buildStartUrl, repeatParameter, withStartAgain } from './start-again.ts';

export interface CompleteLoginDependencies extends ExchangeCodeDependencies {
  readonly identityKeys: IdentityOutcomeDependencies['identityKeys'];
  readonly documents: Pick<ProviderDocumentCache, 'metadata' | 'find' | 'remember'>;
  readonly store: Pick<ProviderDocumentStore, 'put'>;
  readonly attempts: LoginAttemptStore;
  readonly sessions: SessionStore;
  readonly signer: Signer;
  readonly settings: CallbackSettings;
  /**
   * Told when a browser comes back with a code to an attempt of its own, once for each attempt, whatever comes of it. An
   * error can come any number of times: it consumes nothing.
   */
  readonly onReturn: (purpose: LoginPurpose) => void;
}

/** What the configuration says of the callback. */
export interface CallbackSettings extends ExchangeCodeSettings {
  readonly defaultPage: ReturnAddress;
  readonly lifetimes: SessionLifetimes;
  readonly coreIdentity: IdentityOutcomeDependencies['settings']['coreIdentity'];
  /** Where users go whose identity was not proved; a page of ours when absent. */
  readonly notProvedUrl?: ReturnAddress;
}

export interface CompleteLoginRequest {
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The values of the browser cookies. */
  readonly browserSecrets: readonly string[];
  readonly sessionCredential: SessionCredential | undefined;
}

/** How the callback ends. */
export interface CompletedLogin {
  /** Where to go on; undefined for a user whose identity was not proved and who is shown our page about it. */
  readonly redirectTo: ReturnAddress | undefined;
  readonly language: Language;
  /** The new session's; none when the user was signed in already. */
  readonly sessionCredential?: SessionCredential;
  /** What has been completed; nothing when the user was signed in already. */
  readonly purpose?: LoginPurpose;
  /** Empty when nothing happened that had not happened before. */
  readonly audit: readonly AuditEvent[];
  /** Why the session of before could not be deleted; undefined when it was, or there was none. */
  readonly replacedSessionLeft?: unknown;
  /** What to handleAuthorizationError the request with after all that, in place of leading on. */
  readonly refusal?: unknown;
}

/**
 * Finishes authentication: consumes the attempt, exchanges the code, and puts a session (RFC 6749 4.1.2 to 4.1.4).
 *
 * Only a response with a code consumes the attempt: with two tabs the real One Login answers the older one with
 * `access_denied` under the newer one's state.
 *
 * @throws RelyingPartyError for everything else, with `startAgain` as soon as the attempt is known
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
      ? handleAuthorizationError(dependencies, request, lookup.attempt, response)
      : resumeOrRestart(dependencies, request, lookup);
  }

  const { clientId, issuer } = settings;
  const [consumed, assertion, discovered] = await Promise.allSettled([
    attempts.consume(stateHash, browserHashes, beganAt),
    buildClientAssertion({ clientId, audience: issuer, now: beganAt }, signer),
    documents.metadata(),
  ]);
  const lookup = unwrap(consumed);
  if (lookup.kind !== 'found') return resumeOrRestart(dependencies, request, lookup);
  const { attempt } = lookup;
  dependencies.onReturn(attempt.purpose);
  try {
    const opened = { ...attempt, ...openSecrets(attempt, response.state) };
    const exchanged = await exchangeCode(dependencies, opened, {
      code: response.code,
      clientAssertion: unwrap(assertion),
      metadata: unwrap(discovered),
    });
    const [identity] = await Promise.all([
      identityOutcome(dependencies, attempt, exchanged),
      rememberKeyInUse(dependencies, exchanged.idToken.kid, beganAt),
    ]);
    const { redirectTo, ...established } = await establishSession(dependencies, {
      ...exchanged,
      identity,
      attempt,
      beganAt,
      ...request,
    });
    const destination = identity?.outcome === 'not_proved' ? settings.notProvedUrl : redirectTo;
    const { language, purpose } = attempt;
    return { ...established, redirectTo: destination, language, purpose };
  } catch (error) {
    if (isStale(error) && !attempt.repeats) return askAgain(settings, attempt);
    throw withStartAgain(error, attempt);
  }
}

/**
 * Sends the user to One Login once more, by way of our own route, which can sign. One Login requires it for an
 * authentication that is older than `max_age`: its ID token is refused, and the user is asked again.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/authenticate-your-user/
 */
function askAgain({ publicUrl }: CallbackSettings, attempt: LoginAttempt): CompletedLogin {
  const redirectTo = trustedAddress(buildStartUrl(publicUrl, attempt, { [repeatParameter]: 'max_age' }));
  return { redirectTo, language: attempt.language, audit: [] };
}

function isStale(error: unknown): boolean {
  return (
    error instanceof RelyingPartyError &&
    (error.code === 'max_age_ignored' || error.code === 'id_token_auth_time_too_old')
  );
}

/**
 * What One Login's error means here. After a failed re-authentication it has ended its own session, so ours ends as
 * well, but for one that began later: Back and reloads come here again, after the user has signed in anew. Every other
 * error leaves the user signed in. `access_denied` to an identity request means that it was not proved: that is
 * recorded, and who is signed in goes where the service wants such users, or may try again when nothing is known of
 * the evidence.
 */
async function handleAuthorizationError(
  dependencies: CompleteLoginDependencies,
  { sessionCredential }: CompleteLoginRequest,
  attempt: LoginAttempt,
  response: { readonly error: string; readonly description?: string },
): Promise<CompletedLogin> {
  const { settings } = dependencies;
  const { purpose, language } = attempt;
  const error = errorOfAuthorizationResponse(response, purpose === 'prove-identity' ? attempt : undefined);
  const endsSession =
    error.code === 'authorization_login_required' &&
    (await endOlderSession(dependencies, sessionCredential, attempt));
  const reason = notProvedReasons.get(error.code);
  const refusal = withStartAgain(error.with({ endsSession }), attempt);
  if (purpose !== 'prove-identity' || reason === undefined) throw refusal;
  const record = await recordNotProved(dependencies, attempt, sessionCredential, reason).catch(
    (failure: unknown) => {
      throw withStartAgain(failure, attempt);
    },
  );
  if (record.kind === 'no_session') throw refusal;
  if (record.kind === 'proved') return { redirectTo: attempt.returnTo, language, audit: [] };
  const ended = { redirectTo: settings.notProvedUrl, language, audit: record.audit };
  return reason === 'interrupted' ? { ...ended, refusal } : ended;
}

/** Ends the browser's session unless it began after the attempt. @returns whether it has ended */
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

/** The errors that end an identity request without an identity. */
const notProvedReasons: ReadonlyMap<string, NotProvedReason> = new Map([
  ['authorization_access_denied', 'access_denied'],
  ['authorization_interrupted', 'interrupted'],
]);

/** An attempt that this request can't finish. */
type Unfinishable = Exclude<AttemptLookup, { kind: 'found' }> | { readonly kind: 'without_cookie' };

/**
 * The attempt can't be finished (again): Back, reload, double submit, a bookmark, an older tab. Whoever is signed in
 * goes where they wanted, or where the first time led; anybody else is offered to start again.
 */
async function resumeOrRestart(
  dependencies: CompleteLoginDependencies,
  { sessionCredential }: CompleteLoginRequest,
  lookup: Unfinishable,
): Promise<CompletedLogin> {
  if (lookup.kind === 'other_browser') throw lookupError(lookup);
  const session = await readSession(dependencies, sessionCredential);
  if (session === undefined) throw lookupError(lookup);
  const { defaultPage, notProvedUrl } = dependencies.settings;
  const { identity, language } = session.payload;
  if (!('returnTo' in lookup)) return { redirectTo: defaultPage, language, audit: [] };
  const notProved =
    lookup.purpose === 'prove-identity' &&
    identity?.outcome === 'not_proved' &&
    identity.reason !== 'interrupted';
  const anotherUser = lookup.subjectKey !== undefined && lookup.subjectKey !== sessionCredential?.subjectKey;
  const destination = anotherUser ? defaultPage : lookup.returnTo;
  return { redirectTo: notProved ? notProvedUrl : destination, language: lookup.language, audit: [] };
}

const refusals = {
  without_cookie: ['browser_cookie_missing', 'the callback came without the browser cookie'],
  unknown: ['attempt_unknown', 'there is no attempt with this state'],
  other_browser: ['attempt_of_other_browser', 'the attempt belongs to another browser'],
  expired: ['attempt_expired', 'the attempt has expired'],
  consumed: ['attempt_consumed', 'the attempt has been consumed already'],
} as const;

function lookupError(lookup: Unfinishable): unknown {
  const [code, message] = refusals[lookup.kind];
  const error = new RelyingPartyError(code, message);
  return 'returnTo' in lookup ? withStartAgain(error, lookup) : error;
}
