import { buildAuthorizationRequest } from '../one-login/authorization-request.ts';
import { createCodeVerifier, createNonce, createState } from '../one-login/random-values.ts';
import type { VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { Clock, LoginAttemptStore, Signer } from '../ports.ts';
import { createBrowserSecret } from '../session/cookies.ts';
import { attemptLifetimeMilliseconds } from '../session/lifetimes.ts';
import { hash } from '../session/session-key.ts';
import { sealSecrets } from './attempt-secrets.ts';
import { withLanguage } from './language.ts';
import type { LoginAttempt, LoginPurpose } from './login-attempt.ts';
import type { ProviderDocuments } from './provider-documents.ts';

export interface BeginAuthenticationDependencies {
  readonly attempts: LoginAttemptStore;
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly settings: AuthenticationSettings;
}

/** What the configuration says of every request to One Login. */
export interface AuthenticationSettings {
  readonly clientId: string;
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  readonly scopes: readonly string[];
}

export interface BeginAuthenticationRequest {
  readonly purpose: LoginPurpose;
  readonly vtr: readonly VectorOfTrust[];
  /** Full names of the userinfo claims. */
  readonly claims?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
  /** For a re-authentication: an ID token of the user who must come back. */
  readonly idTokenHint?: string;
  /** Of the user who is signed in, if somebody is. */
  readonly subjectKey?: string;
  /** Validated, see `return-to.ts`. */
  readonly returnTo: string;
  readonly language: 'en' | 'cy';
  /** The value of a browser cookie; one is made when there is none. */
  readonly browserSecret: string | undefined;
}

/** Where to redirect to, and the value of the browser cookie that the attempt is bound to. */
export interface BegunAuthentication {
  readonly kind: 'begun';
  /** What the attempt is for: a re-authentication of nobody is a sign-in. */
  readonly purpose: LoginPurpose;
  readonly redirectTo: string;
  readonly browserSecret: string;
}

/**
 * Remembers an attempt bound to this browser, and makes the signed request to One Login (OIDC Core 3.1.2.1,
 * RFC 9101, RFC 7636). The attempt is stored before anyone is redirected.
 */
export async function beginAuthentication(
  { attempts, documents, signer, clock, settings }: BeginAuthenticationDependencies,
  { idTokenHint, claims, browserSecret = createBrowserSecret(), ...asked }: BeginAuthenticationRequest,
): Promise<BegunAuthentication> {
  const state = createState();
  const secrets = { nonce: createNonce(), codeVerifier: createCodeVerifier() };
  const now = clock.now();
  const attempt: LoginAttempt = {
    ...asked,
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
          redirectUri: redirectUriOf(settings.publicUrl),
          scopes: settings.scopes,
          state,
          ...secrets,
          vtr: attempt.vtr,
          ...(claims === undefined ? {} : { claims }),
          uiLocale: attempt.language,
          ...(attempt.maxAge === undefined ? {} : { maxAge: attempt.maxAge }),
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
export function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}/callback`;
}
