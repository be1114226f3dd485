import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { createProviderSigningKey, did, issuer } from '../../support/provider-documents.ts';
import { readRequestObject, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

const vocab = (name: string) => `https://vocab.account.gov.uk/v1/${name}`;

beforeEach(() => start());

const prove = (query = '?return_to=/apply') => rp.complete(browser, '/auth/prove-identity', query);
const fetchedDids = () => rp.provider.requests.filter(({ url }) => url.endsWith('did.json'));

describe('an identity request', () => {
  // id: identity-request-as-configured
  test('contains the configured level and claims', async () => {
    const request = readRequestObject(await browser.request('/auth/prove-identity'));
    expect(request['vtr']).toEqual(['Cl.Cm.P2']);
    const claims = ['coreIdentityJWT', 'address', 'passport', 'drivingPermit', 'returnCode'];
    expect(JSON.parse(request['claims'] ?? '')).toEqual({
      userinfo: Object.fromEntries(claims.map((name) => [vocab(name), null])),
    });
  });

  // id: no-identity-jwt-in-session
  test('without a session signs the user in with names and birth dates, never with the JWT', async () => {
    rp.provider.userinfo = { [vocab('address')]: [{ postalCode: 'SW1A 2AA', somethingNew: 1 }] };
    expect(readLocation(await prove())).toBe('/apply');
    const { body } = await rp.userinfo(browser);
    expect(body).toMatchObject({
      vot: 'Cl.Cm',
      [vocab('address')]: [{ postalCode: 'SW1A 2AA', somethingNew: 1 }],
    });
    expect(body['identity']).toEqual({
      outcome: 'proved',
      vot: 'P2',
      names: [{ given_names: ['Mary Anne'], family_names: ['O’Brien'], full_name: 'Mary Anne O’Brien' }],
      birth_dates: ['1970-01-01'],
      return_codes: [],
    });
    expect(JSON.stringify(body)).not.toContain('coreIdentityJWT');
  });

  test('with a session replaces it', async () => {
    await rp.signIn(browser);
    const before = browser.clone();
    await prove();
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'proved' });
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('redirects a user whose identity is proved', async () => {
    await prove();
    expect(readLocation(await browser.request('/auth/prove-identity?return_to=/apply'))).toBe('/apply');
  });

  test('by another user than the one who left ends that session, and goes to the default page', async () => {
    await rp.signIn(browser);
    const before = browser.clone();
    rp.provider.sub = somebodyElse;
    expect(readLocation(await prove())).toBe('/home');
    expect((await rp.userinfo(browser)).body['sub']).toBe(somebodyElse);
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('keeps its result over a re-authentication of the same user', async () => {
    await prove();
    await rp.complete(browser, '/auth/reauthenticate');
    expect((await rp.userinfo(browser)).body).toMatchObject({
      identity: { outcome: 'proved', vot: 'P2' },
      session: { reauthenticated_at: rp.clock.now() / 1000 },
    });
  });

  // id: identity-not-for-other-user
  test('has no result for another user whose re-authentication was under way in another tab', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const first = rp.provider.sub;
    rp.provider.sub = somebodyElse;
    await prove();
    rp.provider.sub = first;
    await rp.callback(browser, response);
    expect((await rp.userinfo(browser)).body).toMatchObject({
      sub: first,
      identity: { outcome: 'not_requested', names: [] },
    });
  });

  test('uses a DID key that One Login has published since the documents were stored', async () => {
    rp.provider.identityKey = createProviderSigningKey(`${did}#key-2`);
    expect(readLocation(await prove())).toBe('/apply');
    expect(fetchedDids()).toHaveLength(1);
  });
});

describe('an identity that was requested and is absent', () => {
  beforeEach(() => {
    rp.provider.coreIdentity = undefined;
  });

  // id: identity-not-proved
  test.each([
    ['without reasons', {}, []],
    ['with return codes', { [vocab('returnCode')]: [{ code: 'A' }, { code: 'F' }] }, ['A', 'F']],
  ])('is not proved, %s', async (_, userinfo, returnCodes) => {
    rp.provider.userinfo = {
      ...userinfo,
      [vocab('address')]: [{ postalCode: 'SW1A 2AA' }],
      [vocab('passport')]: [{ documentNumber: '1' }],
      [vocab('drivingPermit')]: [{ personalNumber: '1' }],
    };
    const page = await prove();
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('You could not prove your identity');
    const { body } = await rp.userinfo(browser);
    expect(body['identity']).toEqual({
      outcome: 'not_proved',
      reason: 'absent',
      names: [],
      birth_dates: [],
      return_codes: returnCodes,
    });
    expect(Object.keys(body).join()).not.toMatch(/address|passport|drivingPermit/);
  });

  // id: not-proved-redirects
  test('redirects to the configured page, also when the callback is loaded again', async () => {
    await start({ notProvedUrl: '/not-proved' });
    rp.provider.coreIdentity = undefined;
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    expect(readLocation(await rp.callback(browser, response))).toBe('/not-proved');
    expect(readLocation(await rp.callback(browser, response))).toBe('/not-proved');
  });

  test('can be requested again', async () => {
    await prove();
    expect(readLocation(await browser.request('/auth/prove-identity'))).toContain(`${issuer}authorize`);
  });
});

describe('an error that does not concern the identity', () => {
  test.each([
    ['access_denied', '/auth/login', 403],
    ['access_denied', '/auth/reauthenticate', 403],
    ['temporarily_unavailable', '/auth/prove-identity', 503],
    ['login_required', '/auth/prove-identity', 403],
  ])('%s to a request of %s does not redirect to the configured page', async (error, route, status) => {
    await start({ notProvedUrl: '/not-proved', maxAge: 300 });
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    const { state } = await rp.begin(browser, '', route);
    expect((await rp.callback(browser, { error, state })).statusCode).toBe(status);
  });
});

describe('an invalid core identity', () => {
  // id: identity-header-keys-ignored
  test.each<[string, string, () => void]>([
    [
      'of another user',
      'core_identity_sub_unexpected',
      () => {
        rp.provider.coreIdentity = { ...rp.provider.coreIdentity, sub: 'another' };
      },
    ],
    [
      'by a key under another DID',
      'core_identity_controller_unexpected',
      () => {
        rp.provider.identityKey = createProviderSigningKey('did:web:evil.example#key-1');
      },
    ],
  ])('%s is refused without fetching any document, and keeps the session', async (_, code, change) => {
    await rp.signIn(browser);
    const cookie = browser.cookies.get(sessionCookieName);
    change();
    expect((await prove()).statusCode).toBe(502);
    expect(rp.refusals()).toEqual([code]);
    expect(fetchedDids()).toHaveLength(0);
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'not_requested' });
  });
});

describe('the return from an in-person check', () => {
  test('always signs in, links to the result, and ends at the page of the config', async () => {
    await prove();
    const next = readLocation(await rp.complete(browser, '/auth/in-person-return', '?lang=cy'));
    expect(next).toBe('https://service.example/auth/in-person-return?step=continue&lang=cy');
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'not_requested' });

    const page = await browser.request(next.replace('https://service.example', ''));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fin-person&#38;lang=cy');
    expect(readLocation(await prove('?return_to=/in-person&lang=cy'))).toBe('/in-person');
  });

  test('by another user than the one who is signed in goes on', async () => {
    await rp.signIn(browser);
    rp.provider.sub = somebodyElse;
    const response = await rp.complete(browser, '/auth/in-person-return');
    expect(readLocation(response)).toContain('/auth/in-person-return?step=continue');
  });

  test('goes on in English when no language is requested, and at its own route alone', async () => {
    const page = await browser.request('/auth/in-person-return?step=continue');
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fin-person&#38;lang=en');
    expect(readLocation(await browser.request('/auth/prove-identity?step=continue'))).toContain(issuer);
  });

  test('that fails starts again at the return', async () => {
    const { state } = await rp.begin(browser, '', '/auth/in-person-return');
    const page = await rp.callback(browser, { error: 'access_denied', state });
    expect(page.body).toContain('href="https://service.example/auth/in-person-return?lang=en"');
  });
});
