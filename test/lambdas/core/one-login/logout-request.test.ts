import { describe, expect, test } from '@jest/globals';
import { buildLogoutRequest } from '../../../../lambdas/core/one-login/logout-request.ts';
import { parseProviderMetadata } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { issuer, metadata, metadataDocument } from './example-provider.ts';

const userReturn = {
  idTokenHint: 'header.claims.signature',
  postLogoutRedirectUri: 'https://service.example/auth/signed-out',
  states: ['cyL2J5ZQ', 'cy'],
};

describe('the logout request', () => {
  // id: logout-request-parameters
  test('names the user, the way back and the state', () => {
    const url = new URL(buildLogoutRequest(metadata, userReturn));
    expect(url.origin + url.pathname).toBe('https://oidc.example/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      id_token_hint: 'header.claims.signature',
      post_logout_redirect_uri: 'https://service.example/auth/signed-out',
      state: 'cyL2J5ZQ',
    });
  });

  test('without a hint is the endpoint alone', () => {
    expect(buildLogoutRequest(metadata, undefined)).toBe('https://oidc.example/logout');
  });

  test('leaves out first the longer state and then the hint, each from the first character above 2048', () => {
    const withHint = (length: number) =>
      buildLogoutRequest(metadata, { ...userReturn, idTokenHint: 'x'.repeat(length) });
    const readState = (url: string) => new URL(url).searchParams.get('state');
    const room = 2048 - withHint(0).length;
    expect([withHint(room).length, readState(withHint(room))]).toEqual([2048, 'cyL2J5ZQ']);
    expect(readState(withHint(room + 1))).toBe('cy');
    expect(withHint(room + 6)).toHaveLength(2048);
    expect(withHint(room + 7)).toBe('https://oidc.example/logout');
  });

  test('keeps the query of an endpoint that has one', () => {
    const document = JSON.stringify({
      ...metadataDocument,
      end_session_endpoint: 'https://oidc.example/logout?a=b',
    });
    const url = buildLogoutRequest(parseProviderMetadata(document, { issuer }), userReturn);
    expect(new URL(url).searchParams.get('a')).toBe('b');
    expect(new URL(url).searchParams.get('state')).toBe('cyL2J5ZQ');
  });
});
