import type { Language } from '../language.ts';
import { buildAuthorizationRequest } from '../one-login/authorization-request.ts';
import { identityClaimNames } from '../one-login/identity-claims.ts';
import type { ProviderAddress } from '../one-login/messages.ts';
import { createRandomValue } from '../one-login/random-values.ts';
import type { Clock, LoginAttemptStore, Signer } from '../ports.ts';
import { attemptLifetimeMilliseconds } from '../session/lifetimes.ts';
import { hash } from '../session/session-key.ts';
import { sealSecrets } from './attempt-secrets.ts';
import type { Journey, Journeys } from './journey.ts';
import type { LoginAttempt, LoginPurpose } from './login-attempt.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';
import type { ReturnAddress } from './return-to.ts';
import { withLanguage } from './session-language.ts';

export interface BeginAuthenticationDependencies {
  readonly attempts: LoginAttemptStore;
  readonly documents: Pick<ProviderDocumentCache, 'metadata'>;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly settings: AuthenticationSettings;
}

/** The settings of every request to One Login. */
export interface AuthenticationSettings {
  readonly clientId: string;
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  readonly scopes: readonly string[];
  readonly journeys: Journeys;
}

export interface BeginAuthenticationRequest {
  readonly purpose: LoginPurpose;
  /** What to request from One Login. */
  readonly journey: Journey;
  /** Whether the callback repeats a request because its `auth_time` was older than `max_age`. */
  readonly repeats: boolean;
  /** For a re-authentication: an ID token of the same user. */
  readonly idTokenHint?: string;
  /** The subject key of the user who is signed in, if any. */
  readonly subjectKey?: string;
  readonly returnTo: ReturnAddress;
  readonly language: Language;
  /** The value of a browser cookie. Without one, a new value is created. */
  readonly browserSecret: string | undefined;
}

/** Where to redirect to, and the value of the browser cookie that the attempt is bound to. */
export interface BegunAuthentication {
  readonly kind: 'begun';
  /** A re-authentication without a session becomes a `login`. */
  readonly purpose: LoginPurpose;
  readonly redirectTo: ProviderAddress;
  readonly browserSecret: string;
  /** Why the place could not be kept where the user left off, see `kept-place.ts`. */
  readonly placeNotKept?: unknown;
}

/**
 * Stores an attempt bound to this browser, and builds the signed request to One Login (OIDC Core 3.1.2.1, RFC 9101,
 * RFC 7636). The attempt is stored before the user is redirected.
 */
export async function beginAuthentication(
  { attempts, documents, signer, clock, settings }: BeginAuthenticationDependencies,
  { idTokenHint, journey, browserSecret = createRandomValue(), ...asked }: BeginAuthenticationRequest,
): Promise<BegunAuthentication> {
  // The state identifies the attempt (RFC 6749, 10.12). The nonce binds the ID token to it (OIDC Core 3.1.2.1). Only we have
  // the code verifier, without which the code is useless (RFC 7636, 4.1).
  const state = createRandomValue();
  const secrets = { nonce: createRandomValue(), codeVerifier: createRandomValue() };
  const { name, vtr, claims, maxAge } = journey;
  const now = clock.now();
  const attempt: LoginAttempt = {
    ...asked,
    vtr,
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(name === undefined ? {} : { journey: name }),
    ...(settings.journeys.size > 0 ? { requestedClaims: claims } : {}),
    returnCodes: claims.includes(identityClaimNames.returnCode),
    stateHash: hash(state),
    browserHash: hash(browserSecret),
    ...sealSecrets(secrets, state),
    createdAt: now,
    expiresAt: now + attemptLifetimeMilliseconds,
  };
  const [redirectTo] = await withLanguage(attempt.language, async () => {
    const metadata = await documents.metadata();
    return Promise.all([
      buildAuthorizationRequest(
        {
          metadata,
          clientId: settings.clientId,
          redirectUri: buildRedirectUri(settings.publicUrl),
          scopes: settings.scopes,
          state,
          ...secrets,
          vtr,
          claims,
          uiLocale: attempt.language,
          ...(maxAge === undefined ? {} : { maxAge }),
          ...(idTokenHint === undefined ? {} : { prompt: 'login', idTokenHint }),
          now,
        },
        signer,
      ),
      attempts.put(attempt),
    ]);
  });
  return { kind: 'begun', purpose: asked.purpose, redirectTo, browserSecret };
}

/** The redirect URI, exactly as registered. */
export function buildRedirectUri(publicUrl: string): string {
  return `${publicUrl}/callback`;
}
