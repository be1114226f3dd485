import { type ExpectedIdToken, type ValidatedIdToken, validateIdToken } from '../one-login/id-token.ts';
import type { ProviderKeySet } from '../one-login/jwks.ts';
import { buildTokenRequest } from '../one-login/token-request.ts';
import { validateTokenResponse } from '../one-login/token-response.ts';
import { buildUserInfoRequest, type UserInfo, validateUserInfoResponse } from '../one-login/userinfo.ts';
import type { Clock, ProviderClient } from '../ports.ts';
import { redirectUriOf } from './begin-authentication.ts';
import type { LoginAttempt } from './login-attempt.ts';
import type { ProviderDocuments } from './provider-documents.ts';
import type { ProviderKeys } from './provider-keys.ts';
import { unwrap } from './settled.ts';

export interface ExchangeCodeDependencies {
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly idTokenKeys: ProviderKeys<ProviderKeySet>;
  readonly provider: ProviderClient;
  readonly clock: Clock;
  readonly settings: ExchangeCodeSettings;
}

/** What the configuration says of the exchange. */
export interface ExchangeCodeSettings extends Pick<ExpectedIdToken, 'issuer' | 'clientId' | 'algorithm'> {
  readonly publicUrl: string;
}

/** Who came back, and what One Login says of them. */
export interface ExchangedCode {
  readonly idToken: ValidatedIdToken;
  readonly userInfo: UserInfo;
}

/**
 * Exchanges the code for tokens, and these for the user: the ID token is validated while userinfo is on its way,
 * since identity claims are held for three minutes only (RFC 6749 4.1.3, OIDC Core 3.1.3 and 5.3).
 *
 * @param attempt what was asked for
 */
export async function exchangeCode(
  { documents, idTokenKeys, provider, clock, settings }: ExchangeCodeDependencies,
  attempt: LoginAttempt,
  { code, clientAssertion }: { readonly code: string; readonly clientAssertion: string },
): Promise<ExchangedCode> {
  const metadata = await documents.metadata();
  const { codeVerifier, nonce, vtr, maxAge, createdAt: requestedAt } = attempt;
  const redirectUri = redirectUriOf(settings.publicUrl);
  const tokens = validateTokenResponse(
    await provider.send(buildTokenRequest({ metadata, clientAssertion, code, redirectUri, codeVerifier })),
  );
  const [idTokenResult, userInfoResult] = await Promise.allSettled([
    idTokenKeys.validate(tokens.id_token, (keys) =>
      validateIdToken(tokens, { ...settings, nonce, vtr, maxAge, requestedAt, keys, now: clock.now() }),
    ),
    provider.send(buildUserInfoRequest({ metadata, accessToken: tokens.access_token })),
  ]);
  const idToken = unwrap(idTokenResult);
  return { idToken, userInfo: validateUserInfoResponse(unwrap(userInfoResult), idToken) };
}
