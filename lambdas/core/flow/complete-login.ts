import { RelyingPartyError } from '../errors.ts';
import {
  type AuthorizationResponse,
  errorOfAuthorizationResponse,
  validateAuthorizationResponse,
} from '../one-login/authorization-response.ts';
import { buildClientAssertion } from '../one-login/client-assertion.ts';
import { buildTokenRequest } from '../one-login/token-request.ts';
import { validateTokenResponse } from '../one-login/token-response.ts';
import { buildUserInfoRequest, type UserInfo, validateUserInfoResponse } from '../one-login/userinfo.ts';
import type {
  AttemptLookup,
  Clock,
  LoginAttemptStore,
  ProviderClient,
  SessionStore,
  Signer,
} from '../ports.ts';
import { expiries, type SessionLifetimes } from '../session/lifetimes.ts';
import { sealSession } from '../session/seal.ts';
import {
  createSessionCredential,
  hash,
  type SessionCredential,
  sessionKeyOf,
  subjectKeyOf,
} from '../session/session-key.ts';
import { redirectUriOf } from './begin-login.ts';
import type { IdTokenKeys } from './id-token-keys.ts';
import type { LoginAttempt } from './login-attempt.ts';
import type { ProviderDocuments } from './provider-documents.ts';
import { readSession } from './read-session.ts';
import { storeUnlessRevoked } from './store-unless-revoked.ts';
import { type IdTokenExpectations, verifyIdToken } from './verify-id-token.ts';

export interface CompleteLoginDependencies {
  readonly attempts: LoginAttemptStore;
  readonly sessions: SessionStore;
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly idTokenKeys: IdTokenKeys;
  readonly provider: ProviderClient;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly settings: CallbackSettings;
}

/** What the configuration says of the callback. */
export interface CallbackSettings extends Omit<IdTokenExpectations, 'nonce' | 'vtr' | 'maxAge'> {
  readonly publicUrl: string;
  readonly defaultPage: string;
  readonly lifetimes: SessionLifetimes;
}

export interface CompleteLoginRequest {
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly browserSecret: string | undefined;
  readonly sessionCredential: SessionCredential | undefined;
}

/** Where to go on, and the new session's credential; none when the user was signed in already. */
export interface CompletedLogin {
  readonly redirectTo: string;
  readonly sessionCredential?: SessionCredential;
}

/**
 * Finishes authentication: consumes the attempt, exchanges the code, validates what comes back, and puts a session
 * (RFC 6749 4.1.2 to 4.1.4, OIDC Core 3.1.2.5 to 3.1.3.7 and 5.3).
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
  const beganAt = dependencies.clock.now();
  const response = validateAuthorizationResponse(request.query);
  if (request.browserSecret === undefined) {
    throw new RelyingPartyError('browser_cookie_missing', 'the callback came without the browser cookie');
  }
  const stateHash = hash(response.state);
  const browserHash = hash(request.browserSecret);

  if (response.kind === 'error') {
    const lookup = await dependencies.attempts.read(stateHash, browserHash, beganAt);
    const attempt = expectFound(lookup);
    throw withStartAgain(errorOfAuthorizationResponse(response.error), attempt);
  }

  const [consumed, assertion] = await Promise.allSettled([
    dependencies.attempts.consume(stateHash, browserHash, beganAt),
    buildClientAssertion(
      { clientId: dependencies.settings.clientId, audience: dependencies.settings.issuer, now: beganAt },
      dependencies.signer,
    ),
    dependencies.documents.metadata(),
  ]);
  const lookup = unwrap(consumed);
  if (lookup.kind !== 'found') return finishedBefore(dependencies, request, lookup);
  try {
    return await signIn(dependencies, request, {
      beganAt,
      attempt: lookup.attempt,
      code: response.code,
      clientAssertion: unwrap(assertion),
    });
  } catch (error) {
    throw withStartAgain(error, lookup.attempt);
  }
}

interface SignIn {
  readonly beganAt: number;
  readonly attempt: LoginAttempt;
  readonly code: Extract<AuthorizationResponse, { kind: 'code' }>['code'];
  readonly clientAssertion: string;
}

/** From the code to the session. */
async function signIn(
  dependencies: CompleteLoginDependencies,
  request: CompleteLoginRequest,
  { beganAt, attempt, code, clientAssertion }: SignIn,
): Promise<CompletedLogin> {
  const { documents, idTokenKeys, provider, sessions, clock, settings } = dependencies;
  const metadata = await documents.metadata();
  const redirectUri = redirectUriOf(settings.publicUrl);
  const { codeVerifier, nonce, vtr, maxAge } = attempt;

  const tokens = validateTokenResponse(
    await provider.send(buildTokenRequest({ metadata, clientAssertion, code, redirectUri, codeVerifier })),
  );
  const [idTokenResult, userInfoResult] = await Promise.allSettled([
    verifyIdToken(tokens, { ...settings, nonce, vtr, maxAge }, idTokenKeys, clock),
    provider.send(buildUserInfoRequest({ metadata, accessToken: tokens.access_token })),
  ]);
  const idToken = unwrap(idTokenResult);
  const userInfo: UserInfo = validateUserInfoResponse(unwrap(userInfoResult), idToken);

  const subjectKey = subjectKeyOf(settings.clientId, idToken.sub);
  const sessionCredential = createSessionCredential(subjectKey);
  const signedInAt = clock.now();
  const session = sealSession(
    {
      sub: idToken.sub,
      vot: idToken.vot,
      ...(idToken.auth_time === undefined ? {} : { authTime: idToken.auth_time }),
      idToken: tokens.id_token,
      claims: userInfo.claims,
      language: attempt.language,
      signedInAt,
    },
    sessionCredential,
    expiries(settings.lifetimes, signedInAt),
  );
  const replaced = request.sessionCredential && sessionKeyOf(request.sessionCredential);
  await storeUnlessRevoked(sessions, clock, session, { beganAt, replaced });

  const anotherUser = attempt.subjectKey !== undefined && attempt.subjectKey !== subjectKey;
  return { redirectTo: anotherUser ? settings.defaultPage : attempt.returnTo, sessionCredential };
}

/**
 * The attempt can't be finished (again): Back, reload, double submit, a bookmark. Whoever is signed in goes where
 * they wanted; anybody else is offered to start again.
 */
async function finishedBefore(
  { sessions, clock, settings }: CompleteLoginDependencies,
  { sessionCredential }: CompleteLoginRequest,
  lookup: AttemptLookup,
): Promise<CompletedLogin> {
  if (lookup.kind !== 'other_browser') {
    const session = await readSession({ sessions, clock }, sessionCredential);
    if (session !== undefined) {
      return { redirectTo: 'returnTo' in lookup ? lookup.returnTo : settings.defaultPage };
    }
  }
  expectFound(lookup);
  throw new RelyingPartyError('unexpected', 'an attempt was both found and not found');
}

const refusals = {
  unknown: ['attempt_unknown', 'there is no attempt with this state'],
  other_browser: ['attempt_of_other_browser', 'the attempt belongs to another browser'],
  expired: ['attempt_expired', 'the attempt has expired'],
  consumed: ['attempt_consumed', 'the attempt has been consumed already'],
} as const;

function expectFound(lookup: AttemptLookup): LoginAttempt {
  if (lookup.kind === 'found') return lookup.attempt;
  const [code, message] = refusals[lookup.kind];
  const error = new RelyingPartyError(code, message);
  throw 'returnTo' in lookup ? withStartAgain(error, lookup) : error;
}

function withStartAgain(
  error: unknown,
  { returnTo, language }: { returnTo: string; language: 'en' | 'cy' },
): unknown {
  if (error instanceof RelyingPartyError) error.startAgain = { returnTo, language };
  return error;
}

function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
