import { buildAuthorizationRequest } from '../one-login/authorization-request.ts';
import { createCodeVerifier, createNonce, createState } from '../one-login/random-values.ts';
import type { VectorOfTrust } from '../one-login/vector-of-trust.ts';
import type { Clock, LoginAttemptStore, Signer } from '../ports.ts';
import { createBrowserSecret } from '../session/cookies.ts';
import { attemptLifetimeMilliseconds } from '../session/lifetimes.ts';
import { hash, type SessionCredential } from '../session/session-key.ts';
import type { LoginAttempt } from './login-attempt.ts';
import type { ProviderDocuments } from './provider-documents.ts';
import { type ReturnPolicy, validateReturnTo } from './return-to.ts';

export interface BeginLoginDependencies {
  readonly attempts: LoginAttemptStore;
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly settings: LoginSettings;
}

/** What the configuration says of sign-in. */
export interface LoginSettings extends ReturnPolicy {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly vtr: readonly VectorOfTrust[];
  /** Seconds. */
  readonly maxAge?: number;
}

export interface BeginLoginRequest {
  /** As the caller sent it. */
  readonly returnTo: string | undefined;
  readonly language: 'en' | 'cy';
  /** The browser cookie's value; one is made when there is none. */
  readonly browserSecret: string | undefined;
  /** Of the session cookie, whether or not the session is still there. */
  readonly sessionCredential: SessionCredential | undefined;
}

/**
 * Starts authentication: remembers an attempt bound to this browser, and makes the signed request to One Login
 * (OIDC Core 3.1.2.1, RFC 9101, RFC 7636). The attempt is stored before anyone is redirected.
 *
 * @returns where to redirect to, and the browser cookie's value to set
 */
export async function beginLogin(
  { attempts, documents, signer, clock, settings }: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<{ redirectTo: string; browserSecret: string }> {
  const browserSecret = request.browserSecret ?? createBrowserSecret();
  const state = createState();
  const now = clock.now();
  const attempt: LoginAttempt = {
    stateHash: hash(state),
    browserHash: hash(browserSecret),
    nonce: createNonce(),
    codeVerifier: createCodeVerifier(),
    purpose: 'login',
    vtr: settings.vtr,
    ...(settings.maxAge === undefined ? {} : { maxAge: settings.maxAge }),
    ...(request.sessionCredential ? { subjectKey: request.sessionCredential.subjectKey } : {}),
    returnTo: validateReturnTo(request.returnTo, settings),
    language: request.language,
    createdAt: now,
    expiresAt: now + attemptLifetimeMilliseconds,
  };
  const metadata = await documents.metadata();
  const [redirectTo] = await Promise.all([
    buildAuthorizationRequest(
      {
        metadata,
        clientId: settings.clientId,
        redirectUri: redirectUriOf(settings.publicUrl),
        scopes: settings.scopes,
        state,
        nonce: attempt.nonce,
        codeVerifier: attempt.codeVerifier,
        vtr: attempt.vtr,
        uiLocale: attempt.language,
        ...(attempt.maxAge === undefined ? {} : { maxAge: attempt.maxAge }),
        now,
      },
      signer,
    ),
    attempts.put(attempt),
  ]);
  return { redirectTo, browserSecret };
}

/** The redirect URI, exactly as registered. */
export function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}/callback`;
}
