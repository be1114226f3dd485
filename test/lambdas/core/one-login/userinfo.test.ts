import { describe, expect, test } from '@jest/globals';
import { identityClaimNames } from '../../../../lambdas/core/one-login/identity-claims.ts';
import {
  buildUserInfoRequest,
  validateUserInfoResponse,
} from '../../../../lambdas/core/one-login/userinfo.ts';
import { metadata, ok, response, subject, validatedIdToken } from './example-provider.ts';

const idToken = await validatedIdToken();
const good = {
  sub: subject,
  email: 'ŵ@example.test',
  email_verified: true,
  phone_number: '+441406946277',
  phone_number_verified: false,
  wallet_subject_id: 'urn:fdc:wallet.account.gov.uk:2024:x',
};

describe('the userinfo request', () => {
  // id: access-token-as-bearer
  test('carries the access token as Bearer', () => {
    expect(buildUserInfoRequest({ metadata, accessToken: 'a.b' })).toEqual({
      endpoint: 'userinfo',
      method: 'GET',
      url: 'https://oidc.example/userinfo',
      headers: { accept: 'application/json', authorization: 'Bearer a.b' },
    });
  });
});

describe('the userinfo response', () => {
  test('gives the subject and the claims, and passes no other claim on', () => {
    const { sub, ...claims } = good;
    expect(validateUserInfoResponse(ok({ ...good, 'https://vocab.example/x': 'y' }), idToken)).toEqual({
      sub,
      claims,
      identityClaims: {},
    });
  });

  test.each<[string, object]>([
    ['absent', { sub: subject }],
    ['null', { sub: subject, email: null, phone_number: null, phone_number_verified: null }],
  ])('may have claims that are %s', (_case, body) => {
    expect(validateUserInfoResponse(ok(body), idToken)).toEqual({
      sub: subject,
      claims: {},
      identityClaims: {},
    });
  });

  // id: userinfo-sub-must-match
  test.each([
    ['another', `${subject}x`],
    ['no', undefined],
    ['an empty', ''],
    ['a listed', [subject]],
  ])('is refused with %s sub', (_case, sub) => {
    expect(() => validateUserInfoResponse(ok({ ...good, sub }), idToken)).toThrow(
      expect.objectContaining({ code: 'userinfo_sub_unexpected' }),
    );
  });

  test.each([
    ['email', 1],
    ['email', ['a@example.test']],
    ['email_verified', 'true'],
    ['phone_number', 441406946277],
    ['phone_number_verified', 1],
    ['wallet_subject_id', {}],
  ])('is malformed when %s is %j', (name, value) => {
    expect(() => validateUserInfoResponse(ok({ ...good, [name]: value }), idToken)).toThrow(
      expect.objectContaining({
        code: 'userinfo_response_malformed',
        message: expect.stringContaining(`"${name}"`),
      }),
    );
  });

  test.each(['', 'eyJhbGciOiJub25lIn0.e30.', '[]', 'null'])('is malformed when it is %j', (body) => {
    expect(() => validateUserInfoResponse(ok(body), idToken)).toThrow(
      expect.objectContaining({ code: 'userinfo_response_malformed' }),
    );
  });

  test.each([302, 400, 401, 403, 500, 502])(
    'is a failure when the status is %d, whatever the body',
    (status) => {
      expect(() => validateUserInfoResponse(response(status, good), idToken)).toThrow(
        expect.objectContaining({ code: 'userinfo_endpoint_failed' }),
      );
    },
  );

  test.each([
    [401, 'Bearer error="invalid_token", error_description="Invalid access token"', 'userinfo_token_refused'],
    [403, 'Bearer realm="x",error="insufficient_scope"', 'userinfo_scope_refused'],
    [401, 'Bearer error="invalid_scope"', 'userinfo_scope_refused'],
    [401, 'Bearer error=invalid_token', 'userinfo_token_refused'],
    [401, 'Bearer Error = "invalid_token"', 'userinfo_token_refused'],
    [401, 'Bearer', 'userinfo_endpoint_failed'],
    [401, 'Bearer other_error="invalid_token"', 'userinfo_endpoint_failed'],
    [401, 'Bearer error="call_0800_fraud"', 'userinfo_endpoint_failed'],
  ])('is refused by its WWW-Authenticate: %d %s', (status, challenge, code) => {
    const refused = { ...response(status, ''), headers: { 'www-authenticate': challenge } };
    expect(() => validateUserInfoResponse(refused, idToken)).toThrow(
      expect.objectContaining({ code, message: expect.not.stringMatching(/fraud|Invalid access token/) }),
    );
  });

  test('gives the core identity JWT and the identity claims, as received', () => {
    const { coreIdentityJwt, passport, returnCode } = identityClaimNames;
    const identity = { [passport]: [{ documentNumber: '1', new: { a: [1] } }], [returnCode]: [] };
    expect(
      validateUserInfoResponse(ok({ ...good, [coreIdentityJwt]: 'x.y.z', ...identity }), idToken),
    ).toMatchObject({ coreIdentityJwt: 'x.y.z', identityClaims: identity });
  });

  test('gives an empty core identity JWT, to be refused, rather than none', () => {
    const body = { ...good, [identityClaimNames.coreIdentityJwt]: '' };
    expect(validateUserInfoResponse(ok(body), idToken)).toHaveProperty('coreIdentityJwt', '');
  });

  test('gives no core identity JWT when it is null', () => {
    const body = { ...good, [identityClaimNames.coreIdentityJwt]: null };
    expect(validateUserInfoResponse(ok(body), idToken)).not.toHaveProperty('coreIdentityJwt');
  });

  test.each([
    [identityClaimNames.coreIdentityJwt, { vot: 'P2' }],
    [identityClaimNames.coreIdentityJwt, false],
    [identityClaimNames.address, {}],
    [identityClaimNames.passport, 'passport'],
    [identityClaimNames.drivingPermit, [[]]],
    [identityClaimNames.returnCode, ['A']],
    [identityClaimNames.returnCode, [{ code: 'A' }, null]],
  ])('is malformed when %s is %j', (name, value) => {
    expect(() => validateUserInfoResponse(ok({ ...good, [name]: value }), idToken)).toThrow(
      expect.objectContaining({
        code: 'userinfo_response_malformed',
        message: expect.stringContaining(`"${name}"`),
      }),
    );
  });
});
