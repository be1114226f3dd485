import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import {
  buildAuthorizationError,
  findAuthorizationError,
  validateAuthorizationResponse,
} from '../../../../lambdas/core/one-login/authorization-response.ts';
import { createRandomValue } from '../../../../lambdas/core/one-login/random-values.ts';

const state = createRandomValue();
const validate = (query: Record<string, readonly string[]>) =>
  validateAuthorizationResponse(new Map(Object.entries(query)));

describe('the authorization response', () => {
  test('gives the code and the state', () => {
    expect(validate({ code: ['SplxlOBeZQQYbYS6WxSbIA'], state: [state] })).toEqual({
      kind: 'code',
      code: 'SplxlOBeZQQYbYS6WxSbIA',
      state,
    });
  });

  test('gives the error, the state, and the description unless it comes twice', () => {
    expect(validate({ error: ['access_denied'], error_description: ['a'], state: [state] })).toEqual({
      kind: 'error',
      error: 'access_denied',
      description: 'a',
      state,
    });
    expect(
      validate({ error: ['access_denied'], error_description: ['<b>', 'twice'], state: [state] }),
    ).toEqual({
      kind: 'error',
      error: 'access_denied',
      state,
    });
  });

  test('may have an error without a description', () => {
    expect(validate({ error: ['access_denied'], state: [state] })).toEqual({
      kind: 'error',
      error: 'access_denied',
      state,
    });
  });

  test('may have a code of 512 characters, and an error of 128', () => {
    expect(validate({ code: ['c'.repeat(512)], state: [state] })).toMatchObject({ kind: 'code' });
    expect(validate({ error: ['e'.repeat(128)], state: [state] })).toMatchObject({ kind: 'error' });
  });

  test.each<[string, Record<string, readonly string[]>]>([
    ['no parameters', {}],
    ['no state', { code: ['c'] }],
    ['an empty state', { code: ['c'], state: [''] }],
    ['a state that is not ours', { code: ['c'], state: [`${state}=`] }],
    ['a state with a line break', { code: ['c'], state: [`${state}\n`] }],
    ['an error, but no state', { error: ['access_denied'] }],
    ['two states', { code: ['c'], state: [state, createRandomValue()] }],
    ['the same state twice', { code: ['c'], state: [state, state] }],
    ['two codes', { code: ['c', 'd'], state: [state] }],
    ['two errors', { error: ['access_denied', 'login_required'], state: [state] }],
    ['both code and error', { code: ['c'], error: ['access_denied'], state: [state] }],
    ['an empty code beside an error', { code: [''], error: ['access_denied'], state: [state] }],
    ['neither code nor error', { state: [state] }],
    ['empty lists', { code: [], error: [], state: [state] }],
    ['an empty code', { code: [''], state: [state] }],
    ['a code of 513 characters', { code: ['c'.repeat(513)], state: [state] }],
    ['a code with a control character', { code: ['c\r\nd'], state: [state] }],
    ['a code that ends in a line break', { code: ['c\n'], state: [state] }],
    ['a code beyond ASCII', { code: ['é'], state: [state] }],
    ['an empty error', { error: [''], state: [state] }],
    ['an error of 129 characters', { error: ['e'.repeat(129)], state: [state] }],
    ['an error with a control character', { error: ['e\u0000'], state: [state] }],
    ['an error with a quote', { error: ['e"'], state: [state] }],
    ['an error with a backslash', { error: ['e\\'], state: [state] }],
  ])('is malformed with %s', (_case, query) => {
    expect(() => validate(query)).toThrow(
      expect.objectContaining({ code: 'authorization_response_malformed' }),
    );
  });

  // id: any-response-classified
  test('of whatever parameters is a code or an error under a state of ours, or malformed', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(state), fc.constant('access_denied'));
    const query = fc.record(
      { state: fc.array(text), code: fc.array(text), error: fc.array(text), iss: fc.array(text) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, (given) => {
        try {
          const valid = validate(given);
          expect(given.state).toEqual([valid.state]);
          expect(valid.state).toMatch(/^[\w-]{43}$/);
          expect(given[valid.kind]).toEqual([valid.kind === 'code' ? valid.code : valid.error]);
          expect(given[valid.kind === 'code' ? 'error' : 'code'] ?? []).toEqual([]);
        } catch (error) {
          if (!(error instanceof RelyingPartyError)) throw error;
          expect(error.code).toBe('authorization_response_malformed');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the error of an authorization response', () => {
  test.each([
    ['access_denied', 'authorization_access_denied'],
    ['login_required', 'authorization_login_required'],
    ['temporarily_unavailable', 'authorization_temporarily_unavailable'],
    ['unauthorized_client', 'authorization_unauthorized_client'],
    ['server_error', 'authorization_server_error'],
    ['invalid_request', 'authorization_request_refused'],
    ['invalid_scope', 'authorization_scope_not_permitted'],
    ['unsupported_response_type', 'authorization_request_refused'],
    ['request_uri_not_supported', 'authorization_request_refused'],
    ['unmet_authentication_requirements', 'authorization_request_refused'],
    ['something_new', 'authorization_error_unknown'],
    ['constructor', 'authorization_error_unknown'],
  ])('%s is %s', (error, code) => {
    expect(buildAuthorizationError({ error }, undefined)).toMatchObject({
      name: 'RelyingPartyError',
      code,
    });
  });

  test('is found in a redirect to us, and in no other', () => {
    const redirectUri = 'https://service.example/auth/callback';
    expect(findAuthorizationError(`${redirectUri}?error=server_error`, redirectUri)?.code).toBe(
      'authorization_server_error',
    );
    const described = new URLSearchParams({
      error: 'invalid_request',
      error_description: 'Request vtr is not permitted',
    });
    expect(findAuthorizationError(`${redirectUri}?${described}`, redirectUri)?.code).toBe(
      'authorization_vtr_not_permitted',
    );
    for (const location of ['', `${redirectUri}?code=x`, 'https://oidc.example/?error=server_error']) {
      expect(findAuthorizationError(location, redirectUri)).toBeUndefined();
    }
  });

  // id: unknown-errors-not-repeated
  test('does not repeat unknown values', () => {
    expect(buildAuthorizationError({ error: 'call 0800 fraud' }, undefined).message).not.toContain('fraud');
  });

  // id: error-descriptions-compared
  test.each([
    ['invalid_request', 'Request vtr is not permitted', 'authorization_vtr_not_permitted'],
    ['invalid_request', 'Request contains invalid claims', 'authorization_claims_not_permitted'],
    ['invalid_request', 'Unable to validate id_token_hint', 'authorization_hint_refused'],
    ['invalid_request', 'Invalid id_token_hint', 'authorization_hint_refused'],
    ['invalid_request', 'Invalid id_token_hint for client', 'authorization_hint_refused'],
    ['invalid_request', 'call 0800 fraud', 'authorization_request_refused'],
    ['access_denied', 'Request vtr is not permitted', 'authorization_access_denied'],
    [
      'access_denied',
      'JAR required for client but request does not contain Request Object',
      'authorization_request_refused',
    ],
    [
      'access_denied',
      'Access denied for security reasons, a new authentication request may be successful',
      'authorization_interrupted',
    ],
    ['unauthorized_client', 'client deactivated', 'authorization_client_deactivated'],
    ['unauthorized_client', 'client deprecated', 'authorization_client_deactivated'],
    ['unauthorized_client', 'Unauthorized client', 'authorization_unauthorized_client'],
    ['temporarily_unavailable', '', 'authorization_temporarily_unavailable'],
  ])('%s with the description %s is %s', (error, description, code) => {
    const found = buildAuthorizationError({ error, description }, undefined);
    expect(found.code).toBe(code);
    expect(found.message).not.toContain('fraud');
  });

  test.each([
    ['access_denied', false, 'authorization_access_denied'],
    ['access_denied', true, 'authorization_interrupted'],
    ['temporarily_unavailable', true, 'authorization_no_identity_capacity'],
    ['invalid_request', true, 'authorization_request_refused'],
    ['something_new', true, 'authorization_error_unknown'],
  ])('%s to an identity request, return codes requested: %s, is %s', (error, returnCodes, code) => {
    expect(buildAuthorizationError({ error }, { returnCodes }).code).toBe(code);
  });
});
