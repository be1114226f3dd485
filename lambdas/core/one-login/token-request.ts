import type { ProviderRequest } from './messages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

export interface TokenRequestParameters {
  readonly metadata: ProviderMetadata;
  /** From `buildClientAssertion`. */
  readonly clientAssertion: string;
  readonly code: string;
  /** The same as in the authorization request: with another one, the code is lost. */
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/**
 * Builds the request that exchanges the code for tokens (OIDC Core 3.1.3.1, RFC 7523 2.2, RFC 7636 4.5). It must be sent
 * only once, because the code can be used once.
 */
export function buildTokenRequest(parameters: TokenRequestParameters): ProviderRequest {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: parameters.code,
    redirect_uri: parameters.redirectUri,
    code_verifier: parameters.codeVerifier,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: parameters.clientAssertion,
  });
  return {
    endpoint: 'token',
    method: 'POST',
    url: parameters.metadata.token_endpoint,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}
