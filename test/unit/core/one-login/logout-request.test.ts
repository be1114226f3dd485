import { describe, expect, test } from '@jest/globals';
import { buildLogoutRequest } from '../../../../lambdas/core/one-login/logout-request.ts';
import { parseProviderMetadata } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { issuer, metadata, metadataDocument } from './example-provider.ts';

const parameters = {
  metadata,
  postLogoutRedirectUri: 'https://service.example/auth/signed-out',
  state: 'cy',
};

describe('the logout request', () => {
  test('names the user, the way back and the state', () => {
    const url = new URL(buildLogoutRequest({ ...parameters, idTokenHint: 'header.claims.signature' }));
    expect(url.origin + url.pathname).toBe('https://oidc.example/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      id_token_hint: 'header.claims.signature',
      post_logout_redirect_uri: 'https://service.example/auth/signed-out',
      state: 'cy',
    });
  });

  test('has no hint when there is none', () => {
    expect([...new URL(buildLogoutRequest(parameters)).searchParams.keys()]).toEqual([
      'post_logout_redirect_uri',
      'state',
    ]);
  });

  test('leaves the hint out from the first character above 2048', () => {
    const room = 2048 - buildLogoutRequest({ ...parameters, idTokenHint: '' }).length;
    expect(buildLogoutRequest({ ...parameters, idTokenHint: 'x'.repeat(room) })).toHaveLength(2048);
    expect(buildLogoutRequest({ ...parameters, idTokenHint: 'x'.repeat(room + 1) })).toBe(
      buildLogoutRequest(parameters),
    );
  });

  test('keeps the query of an endpoint that has one', () => {
    const document = JSON.stringify({
      ...metadataDocument,
      end_session_endpoint: 'https://oidc.example/logout?a=b',
    });
    const url = buildLogoutRequest({ ...parameters, metadata: parseProviderMetadata(document, { issuer }) });
    expect(new URL(url).searchParams.get('a')).toBe('b');
    expect(new URL(url).searchParams.get('state')).toBe('cy');
  });
});
