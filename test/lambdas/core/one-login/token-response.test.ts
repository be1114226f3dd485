import { describe, expect, test } from '@jest/globals';
import { validateTokenResponse } from '../../../../lambdas/core/one-login/token-response.ts';
import { ok, response } from './example-provider.ts';

const good = { access_token: 'a.b-c', token_type: 'Bearer', expires_in: 180, id_token: 'x.y.z' };

describe('the token response', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('gives both tokens when token_type is %s', (token_type) => {
    expect(validateTokenResponse(ok({ ...good, token_type }))).toEqual({
      access_token: 'a.b-c',
      id_token: 'x.y.z',
    });
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '<html>', 'JSON'],
    ['an array', [good], 'JSON'],
    ['no access token', { ...good, access_token: undefined }, '"access_token"'],
    ['an empty access token', { ...good, access_token: '' }, '"access_token"'],
    ['an access token that would break the header', { ...good, access_token: 'a\r\nb: c' }, '"access_token"'],
    ['no token type', { ...good, token_type: undefined }, '"token_type"'],
    ['another token type', { ...good, token_type: 'DPoP' }, '"token_type"'],
    ['no ID token', { ...good, id_token: undefined }, '"id_token"'],
    ['an empty ID token', { ...good, id_token: '' }, '"id_token"'],
    ['an ID token that is no text', { ...good, id_token: { sub: 'x' } }, '"id_token"'],
  ])('is malformed with %s', (_case, body, named) => {
    expect(() => validateTokenResponse(ok(body))).toThrow(
      expect.objectContaining({ code: 'token_response_malformed', message: expect.stringContaining(named) }),
    );
  });

  // id: token-errors-refused
  test.each<[string, number, unknown, string]>([
    [
      'invalid_grant',
      400,
      { error: 'invalid_grant', error_description: 'Invalid grant' },
      'token_grant_refused',
    ],
    ['invalid_grant without description', 400, { error: 'invalid_grant' }, 'token_grant_refused'],
    ['invalid_grant of the simulator', 401, { error: 'invalid_grant' }, 'token_grant_refused'],
    [
      'invalid_grant for an expired assertion',
      400,
      { error: 'invalid_grant', error_description: 'private_key_jwt has expired' },
      'token_assertion_expired',
    ],
    [
      'invalid_grant for an assertion, in new words',
      400,
      { error: 'invalid_grant', error_description: 'The client assertion is too old' },
      'token_request_refused',
    ],
    [
      'invalid_grant for an assertion, in capital letters',
      400,
      { error: 'invalid_grant', error_description: 'Assertion refused' },
      'token_request_refused',
    ],
    [
      'invalid_grant with a description that only contains a known one',
      400,
      { error: 'invalid_grant', error_description: 'Perhaps private_key_jwt has expired' },
      'token_request_refused',
    ],
    [
      'invalid_grant with a description that is no text',
      400,
      { error: 'invalid_grant', error_description: ['private_key_jwt has expired'] },
      'token_grant_refused',
    ],
    [
      'server_error for our JWKS',
      400,
      {
        error: 'server_error',
        error_description: 'Failed to fetch or parse JWKS to verify signature of private_key_jwt',
      },
      'token_jwks_unreadable',
    ],
    [
      'server_error for our JWKS, in fewer words',
      400,
      { error: 'server_error', error_description: 'Failed to fetch or parse JWKS' },
      'token_jwks_unreadable',
    ],
    [
      'invalid_client for a signature',
      400,
      { error: 'invalid_client', error_description: 'Invalid signature in private_key_jwt' },
      'token_signature_refused',
    ],
    [
      'invalid_client for a client of another method',
      400,
      { error: 'invalid_client', error_description: 'Client is not registered to use private_key_jwt' },
      'token_auth_method_refused',
    ],
    [
      'invalid_request for a client of another method',
      400,
      { error: 'invalid_request', error_description: 'Invalid token authentication method used' },
      'token_auth_method_refused',
    ],
    ['invalid_client', 400, { error: 'invalid_client' }, 'token_request_refused'],
    ['invalid_client of the simulator', 401, { error: 'invalid_client' }, 'token_request_refused'],
    ['invalid_request', 400, { error: 'invalid_request' }, 'token_request_refused'],
    ['unauthorized_client', 400, { error: 'unauthorized_client' }, 'token_request_refused'],
    ['unsupported_grant_type', 400, { error: 'unsupported_grant_type' }, 'token_request_refused'],
    ['invalid_scope', 400, { error: 'invalid_scope' }, 'token_request_refused'],
    ['server_error', 400, { error: 'server_error' }, 'token_endpoint_failed'],
    ['an unknown error', 400, { error: 'something_new' }, 'token_endpoint_failed'],
    ['an error that is no text', 400, { error: ['invalid_grant'] }, 'token_endpoint_failed'],
    ['a firewall', 403, { message: 'Forbidden' }, 'token_endpoint_failed'],
    ['a redirect', 302, '', 'token_endpoint_failed'],
    ['too many requests', 429, 'Too Many Requests', 'token_endpoint_failed'],
    ['a plain-text failure', 500, 'Internal Server Error', 'token_endpoint_failed'],
    ['a failed gateway', 502, { message: 'Internal server error' }, 'token_endpoint_failed'],
    ['a 500 that looks like a refusal', 500, { error: 'invalid_grant' }, 'token_endpoint_failed'],
    ['a 5xx that looks like a refusal', 503, { error: 'invalid_grant' }, 'token_endpoint_failed'],
    ['a 5xx that looks like a fault of ours', 500, { error: 'invalid_client' }, 'token_endpoint_failed'],
    ['tokens under another status', 201, good, 'token_endpoint_failed'],
  ])('is refused by its error: %s', (_case, status, body, code) => {
    expect(() => validateTokenResponse(response(status, body))).toThrow(expect.objectContaining({ code }));
  });

  test('only puts a known error of the response into the message', () => {
    const body = { error: 'invalid_client', error_description: 'secret-1', id_token: 'secret-2' };
    expect(() => validateTokenResponse(response(400, body))).toThrow(/invalid_client, status 400$/);
    expect(() => validateTokenResponse(response(400, { error: 'secret-3' }))).toThrow(/failed, status 400$/);
  });
});
