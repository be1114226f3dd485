import { type ExpectedIdToken, type ValidatedIdToken, validateIdToken } from '../one-login/id-token.ts';
import type { KeySource } from '../one-login/jwt.ts';
import type { ProviderMetadata } from '../one-login/provider-metadata.ts';
import { buildTokenRequest } from '../one-login/token-request.ts';
import { validateTokenResponse } from '../one-login/token-response.ts';
import { buildUserInfoRequest, type UserInfo, validateUserInfoResponse } from '../one-login/userinfo.ts';
import type { Clock, ProviderClient } from '../ports.ts';
import { buildRedirectUri } from './begin-authentication.ts';
import type { LoginAttempt } from './login-attempt.ts';

export interface ExchangeCodeDependencies {
  readonly idTokenKeys: KeySource<'jwks'>;
  readonly provider: ProviderClient;
  readonly clock: Clock;
  readonly settings: ExchangeCodeSettings;
}

/** The settings of the exchange. */
export interface ExchangeCodeSettings extends Pick<ExpectedIdToken, 'issuer' | 'clientId' | 'algorithm'> {
  readonly publicUrl: string;
}

/** The user who signed in. */
export interface ExchangedCode {
  readonly idToken: ValidatedIdToken;
  readonly userInfo: UserInfo;
}

export interface ExchangeCodeRequest {
  readonly code: string;
  readonly clientAssertion: string;
  readonly metadata: ProviderMetadata;
}

/**
 * Exchanges the code for tokens, and the access token for the user's claims (RFC 6749 4.1.3, OIDC Core 3.1.3 and 5.3).
 * The access token is used only when the ID token is valid, and at once: One Login keeps identity claims for three minutes.
 */
export async function exchangeCode(
  { idTokenKeys, provider, clock, settings }: ExchangeCodeDependencies,
  attempt: LoginAttempt,
  { code, clientAssertion, metadata }: ExchangeCodeRequest,
): Promise<ExchangedCode> {
  const { codeVerifier, nonce, vtr, maxAge, createdAt: requestedAt } = attempt;
  const redirectUri = buildRedirectUri(settings.publicUrl);
  const tokens = validateTokenResponse(
    await provider.send(buildTokenRequest({ metadata, clientAssertion, code, redirectUri, codeVerifier })),
  );
  const expected = { ...settings, nonce, vtr, maxAge, requestedAt, keys: idTokenKeys, now: clock.now() };
  const idToken = await validateIdToken(tokens, expected);
  const response = await provider.send(buildUserInfoRequest({ metadata, accessToken: tokens.access_token }));
  return { idToken, userInfo: validateUserInfoResponse(response, idToken) };
}
