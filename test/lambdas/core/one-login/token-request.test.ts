import { describe, expect, test } from '@jest/globals';
import { buildTokenRequest } from '../../../../lambdas/core/one-login/token-request.ts';
import { metadata } from './example-provider.ts';

describe('the token request', () => {
  // id: token-request-form
  test('is a form with the code, the verifier and the assertion', () => {
    const request = buildTokenRequest({
      metadata,
      clientAssertion: 'header.claims.signature',
      code: 'a&b=c d+e%é',
      redirectUri: 'https://service.example/auth/callback',
      codeVerifier: 'verifier',
    });
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://oidc.example/token',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([...new URLSearchParams(request.body)]).toEqual([
      ['grant_type', 'authorization_code'],
      ['code', 'a&b=c d+e%é'],
      ['redirect_uri', 'https://service.example/auth/callback'],
      ['code_verifier', 'verifier'],
      ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
      ['client_assertion', 'header.claims.signature'],
    ]);
  });
});
