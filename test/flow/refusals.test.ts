import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../lambdas/core/errors.ts';
import { errorTable } from '../../lambdas/core/errors.ts';
import type {
  AuthorizationErrorName,
  CoreIdentityFault,
  IdTokenFault,
  UserinfoFault,
} from '../../stand-in/index.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { findLink } from '../support/html.ts';
import { refusalsIn } from '../support/service.ts';
import { type Page, readHeading, WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

/** Signs in, which must be refused for that reason on a page that starts again, without a session. */
async function expectRefusal(code: ErrorCode, route: string, browser = new WebBrowser()): Promise<Page> {
  const session = browser.cookies.get(sessionCookieName);
  const rows = (await service.sessionRows()).length;
  const since = service.watch();
  const page = await service.signIn(browser, `/auth/${route}?return_to=/claims/12`);
  expect(refusalsIn(since())).toEqual([code]);
  expect(page.status).toBe(errorTable[code].status);
  expect(page.headers.has('retry-after')).toBe(page.status === 502 || page.status === 503);
  expect(findLink(page.body, readAction(page))).toBe(
    `${service.publicUrl}/${route}?return_to=%2Fclaims%2F12&lang=en`,
  );
  expect(page.headers.getSetCookie()).toEqual([]);
  expect(browser.cookies.get(sessionCookieName)).toBe(session);
  expect(await service.sessionRows()).toHaveLength(rows);
  return page;
}

function readAction(page: Page): string {
  return page.status === 403 ? 'Sign in again' : 'Try again';
}

/** No test of its own: a key that was removed, see `key-rotation.test.ts`. */
type Faults<Fault extends string> = readonly (readonly [Exclude<Fault, 'REMOVED_KEY'>, ErrorCode])[];

describe('an ID token', () => {
  const faults: Faults<IdTokenFault> = [
    ['INVALID_ALG_HEADER', 'id_token_alg_unexpected'],
    ['INVALID_SIGNATURE', 'id_token_signature_invalid'],
    ['UNKNOWN_KID', 'id_token_key_unknown'],
    ['MISSING_KID', 'id_token_malformed'],
    ['ALG_NONE', 'id_token_alg_unexpected'],
    ['HS256_WITH_PUBLIC_KEY', 'id_token_alg_unexpected'],
    ['INVALID_ISS', 'id_token_iss_unexpected'],
    ['INVALID_AUD', 'id_token_aud_unexpected'],
    ['TOKEN_EXPIRED', 'id_token_expired'],
    ['TOKEN_NOT_VALID_YET', 'id_token_from_the_future'],
    ['NONCE_NOT_MATCHING', 'id_token_nonce_unexpected'],
    ['MISSING_NONCE', 'id_token_nonce_unexpected'],
    ['INCORRECT_VOT', 'id_token_vot_insufficient'],
    ['MISSING_VOT', 'id_token_malformed'],
    ['MISSING_SUB', 'id_token_sub_invalid'],
    ['MISSING_EXP', 'id_token_malformed'],
    ['WRONG_AT_HASH', 'id_token_at_hash_unexpected'],
  ];

  test.each(faults)('with the fault %s is refused with %s', async (fault, code) => {
    service.standIn.change({ idToken: { next: [[fault]] } });
    const page = await expectRefusal(code, 'login');
    expect(readHeading(page)).toBe('Sorry, there is a problem with the service');
  });

  test.each<IdTokenFault>(['AUD_AS_ARRAY', 'MISSING_AT_HASH', 'MISSING_AUTH_TIME', 'OLD_AUTH_TIME'])(
    'with the peculiarity %s is accepted',
    async (peculiarity) => {
      service.standIn.change({ idToken: { next: [[peculiarity]] } });
      const browser = new WebBrowser();
      expect(readHeading(await service.signIn(browser))).toBe('You are signed in');
    },
  );
});

describe('userinfo', () => {
  const faults: Faults<Exclude<UserinfoFault, 'IDENTITY_EXPIRED'>> = [
    ['OTHER_SUB', 'userinfo_sub_unexpected'],
    ['MISSING_SUB', 'userinfo_sub_unexpected'],
    ['UNAUTHORIZED', 'userinfo_token_refused'],
    ['MALFORMED_JSON', 'userinfo_response_malformed'],
  ];

  test.each(faults)('with the fault %s is refused with %s', async (fault, code) => {
    service.standIn.change({ userinfo: { next: [[fault]] } });
    await expectRefusal(code, 'login');
  });

  test('without the requested identity proves nothing', async () => {
    service.standIn.change({ userinfo: { next: [['IDENTITY_EXPIRED']] } });
    const browser = new WebBrowser();
    const page = await service.signIn(browser, '/auth/prove-identity');
    expect(readHeading(page)).toBe('You could not prove your identity');
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'not_proved' } });
  });
});

describe('a core identity', () => {
  const faults: Faults<CoreIdentityFault> = [
    ['INVALID_ALG_HEADER', 'core_identity_alg_unexpected'],
    ['INVALID_SIGNATURE', 'core_identity_signature_invalid'],
    ['UNKNOWN_KID', 'core_identity_key_unknown'],
    ['MISSING_KID', 'core_identity_malformed'],
    ['ALG_NONE', 'core_identity_alg_unexpected'],
    ['HS256_WITH_PUBLIC_KEY', 'core_identity_alg_unexpected'],
    ['FOREIGN_DID', 'core_identity_controller_unexpected'],
    ['INVALID_ISS', 'core_identity_iss_unexpected'],
    ['INVALID_AUD', 'core_identity_aud_unexpected'],
    ['INCORRECT_SUB', 'core_identity_sub_unexpected'],
    ['TOKEN_EXPIRED', 'core_identity_expired'],
    ['TOKEN_NOT_VALID_YET', 'core_identity_from_the_future'],
    ['INCORRECT_VOT', 'core_identity_vot_insufficient'],
    ['MISSING_VOT', 'core_identity_vot_insufficient'],
    ['MISSING_VC', 'core_identity_malformed'],
  ];

  test.each(faults)('with the fault %s is refused with %s, and the session stays', async (fault, code) => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    service.standIn.change({ coreIdentity: { next: [[fault]] } });
    await expectRefusal(code, 'prove-identity', browser);
    expect(await service.userinfo(browser)).toMatchObject({
      status: 200,
      body: { identity: { outcome: 'not_requested' } },
    });
  });
});

describe('an error response of One Login', () => {
  const unavailable = 'GOV.UK One Login is temporarily unavailable';
  const problem = 'Sorry, there is a problem with the service';
  const closed = 'Sorry, the service is unavailable';
  const denied = 'You have not been signed in';

  test.each<[AuthorizationErrorName, ErrorCode, string]>([
    ['ACCESS_DENIED', 'authorization_access_denied', denied],
    ['ACCESS_DENIED_WITHOUT_DESCRIPTION', 'authorization_access_denied', denied],
    ['ACCESS_DENIED_SESSION_LOST', 'authorization_interrupted', denied],
    ['LOGIN_REQUIRED', 'authorization_login_required', 'You need to sign in again'],
    ['TEMPORARILY_UNAVAILABLE', 'authorization_temporarily_unavailable', unavailable],
    ['TEMPORARILY_UNAVAILABLE_EMPTY_DESCRIPTION', 'authorization_temporarily_unavailable', unavailable],
    ['CLIENT_DEACTIVATED', 'authorization_client_deactivated', closed],
    ['CLIENT_DEPRECATED', 'authorization_client_deactivated', closed],
    ['UNAUTHORIZED_CLIENT', 'authorization_unauthorized_client', closed],
    ['SERVER_ERROR', 'authorization_server_error', unavailable],
    ['INVALID_REQUEST', 'authorization_request_refused', problem],
    ['VTR_NOT_PERMITTED', 'authorization_vtr_not_permitted', problem],
    ['CLAIMS_NOT_PERMITTED', 'authorization_claims_not_permitted', problem],
    ['INVALID_SCOPE', 'authorization_scope_not_permitted', problem],
    ['UNSUPPORTED_RESPONSE_TYPE', 'authorization_request_refused', problem],
    ['REQUEST_URI_NOT_SUPPORTED', 'authorization_request_refused', problem],
    ['UNMET_AUTHENTICATION_REQUIREMENTS', 'authorization_request_refused', problem],
    ['UNKNOWN_ERROR', 'authorization_error_unknown', unavailable],
  ])('such as %s becomes %s with the heading: %s', async (name, code, heading) => {
    service.standIn.change({ authorizationError: { next: [name] } });
    const browser = new WebBrowser();
    const rows = (await service.sessionRows()).length;
    const since = service.watch();
    const page = await browser.open(`${service.publicUrl}/login?return_to=/claims/12`);
    expect(refusalsIn(since())).toEqual([code]);
    expect([page.status, readHeading(page)]).toEqual([errorTable[code].status, heading]);
    expect(page.headers.has('retry-after')).toBe('retryAfter' in errorTable[code]);
    expect(browser.cookies.get(sessionCookieName)).toBeUndefined();
    expect(await service.sessionRows()).toHaveLength(rows);
  });
});

describe('an error that ends an identity request', () => {
  test('is recorded in the session of the user', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    service.standIn.change({ identity: { next: ['ACCESS_DENIED'] } });
    const page = await service.signIn(browser, '/auth/prove-identity');
    expect(readHeading(page)).toBe('You have not proved your identity');
    expect((await service.userinfo(browser)).body).toMatchObject({
      identity: { outcome: 'not_proved', reason: 'interrupted' },
    });
  });

  test('because there is no capacity leaves the user signed in', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    service.standIn.change({ authorizationError: { next: ['TEMPORARILY_UNAVAILABLE'] } });
    const page = await service.signIn(browser, '/auth/prove-identity');
    expect(readHeading(page)).toBe('You cannot prove your identity at the moment');
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'not_requested' } });
  });
});
