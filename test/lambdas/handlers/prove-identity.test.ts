import { beforeEach, describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { createProviderSigningKey, did, issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const vocab = (name: string) => `https://vocab.account.gov.uk/v1/${name}`;
const vc = (names: readonly unknown[], birthDates: readonly string[] = ['1970-01-01']) => ({
  type: ['VerifiableCredential', 'VerifiableIdentityCredential'],
  credentialSubject: { name: names, birthDate: birthDates.map((value) => ({ value })) },
});
const nameOf = (...parts: readonly (readonly [type: string, value: string])[]) => ({
  nameParts: parts.map(([type, value]) => ({ type, value })),
});

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
});

const prove = async (inBrowser = browser, query = '?return_to=/apply') =>
  rp.callback(inBrowser, await rp.begin(inBrowser, query, '/auth/prove-identity'));
const readAwsRequest = (location: string) =>
  JSON.parse(
    Buffer.from(new URL(location).searchParams.get('request')?.split('.')[1] ?? '', 'base64url').toString(),
  );
const codes = () =>
  rp.logLines.map((line) => JSON.parse(line) as { code?: string }).flatMap(({ code }) => code ?? []);

describe('proving an identity', () => {
  test('asks for the configured level and claims', async () => {
    const request = readAwsRequest(locationOf(await browser.request('/auth/prove-identity')));
    expect(request.vtr).toEqual(['Cl.Cm.P2']);
    expect(JSON.parse(request.claims)).toEqual({
      userinfo: Object.fromEntries(
        ['coreIdentityJWT', 'address', 'passport', 'drivingPermit', 'returnCode'].map((name) => [
          vocab(name),
          null,
        ]),
      ),
    });
  });

  test('from no session signs the user in with names and birth dates, never with the JWT', async () => {
    rp.provider.userinfo = { [vocab('address')]: [{ postalCode: 'SW1A 2AA', somethingNew: 1 }] };
    expect(locationOf(await prove())).toBe('/apply');
    const { body } = await rp.userinfo(browser);
    expect(body).toMatchObject({
      vot: 'Cl.Cm',
      [vocab('address')]: [{ postalCode: 'SW1A 2AA', somethingNew: 1 }],
      identity: {
        outcome: 'proved',
        vot: 'P2',
        names: [{ given_names: ['Mary Anne'], family_names: ['O’Brien'], full_name: 'Mary Anne O’Brien' }],
        birth_dates: ['1970-01-01'],
        return_codes: [],
      },
    });
    expect(Object.keys(Object(body['identity'])).sort()).toEqual([
      'birth_dates',
      'names',
      'outcome',
      'return_codes',
      'vot',
    ]);
    expect(JSON.stringify(body)).not.toContain('coreIdentityJWT');
  });

  test('from a session replaces it', async () => {
    await rp.signIn(browser);
    const before = browser.clone();
    await prove();
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'proved' });
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('goes straight on for a user whose identity is proved', async () => {
    await prove();
    expect(locationOf(await browser.request('/auth/prove-identity?return_to=/apply'))).toBe('/apply');
  });

  test('of another user than the one who left ends that session, and goes to the default page', async () => {
    await rp.signIn(browser);
    const before = browser.clone();
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    expect(locationOf(await rp.callback(browser, response))).toBe('/home');
    expect((await rp.userinfo(browser)).body['sub']).toBe('urn:fdc:gov.uk:2022:somebody-else');
    expect((await rp.userinfo(before)).status).toBe(401);
  });

  test('keeps any characters of any length, former names and several birth dates', async () => {
    const long = '王'.repeat(300);
    const names = [
      nameOf(['FamilyName', long], ['GivenName', '<b>"Ŵ\u202e’😀'], ['GivenName', 'ibn']),
      { ...nameOf(['GivenName', 'Old']), validFrom: '2000-01-01', validUntil: '2010-01-01' },
    ];
    rp.provider.coreIdentity = { vot: 'P2', vc: vc(names, ['1970-01-01', '1970-01-10']) };
    await prove();
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({
      names: [
        {
          family_names: [long],
          given_names: ['<b>"Ŵ\u202e’😀', 'ibn'],
          full_name: `${long} <b>"Ŵ\u202e’😀 ibn`,
        },
        { full_name: 'Old', valid_from: '2000-01-01', valid_until: '2010-01-01' },
      ],
      birth_dates: ['1970-01-01', '1970-01-10'],
    });
  });

  test('carries over a re-authentication of the same user', async () => {
    await prove();
    await rp.callback(browser, await rp.begin(browser, '', '/auth/reauthenticate'));
    expect((await rp.userinfo(browser)).body).toMatchObject({
      identity: { outcome: 'proved', vot: 'P2' },
      session: { reauthenticated_at: rp.clock.now() / 1000 },
    });
  });

  test('does not carry over to somebody else whose re-authentication was under way in another tab', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const [first, second] = [rp.provider.sub, 'urn:fdc:gov.uk:2022:somebody-else'];
    rp.provider.sub = second;
    await prove();
    rp.provider.sub = first;
    await rp.callback(browser, response);
    expect((await rp.userinfo(browser)).body).toMatchObject({
      sub: first,
      identity: { outcome: 'not_requested', names: [] },
    });
  });

  test('follows a key that the provider has begun to use since the documents were stored', async () => {
    rp.provider.identityKey = createProviderSigningKey(`${did}#key-2`);
    expect(locationOf(await prove())).toBe('/apply');
    expect(rp.provider.requests.filter(({ url }) => url.endsWith('did.json'))).toHaveLength(1);
  });
});

describe('an identity that was asked for and is not there', () => {
  beforeEach(() => {
    rp.provider.coreIdentity = undefined;
  });

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
    for (const name of ['address', 'passport', 'drivingPermit'])
      expect(body).not.toHaveProperty([vocab(name)]);
  });

  test('leads to the configured page, also when the callback is loaded again', async () => {
    rp = await startRelyingParty({ notProvedUrl: '/not-proved' });
    rp.provider.coreIdentity = undefined;
    browser = rp.browser();
    const response = await rp.begin(browser, '?return_to=/apply', '/auth/prove-identity');
    expect(locationOf(await rp.callback(browser, response))).toBe('/not-proved');
    expect(locationOf(await rp.callback(browser, response))).toBe('/not-proved');
  });

  test('may be tried again', async () => {
    await prove();
    expect(locationOf(await browser.request('/auth/prove-identity'))).toContain(`${issuer}authorize`);
  });

  test('is proved with return codes when the core identity is there as well', async () => {
    rp.provider.coreIdentity = { vot: 'P2', vc: vc([nameOf(['GivenName', 'A'])]) };
    rp.provider.userinfo = { [vocab('returnCode')]: [{ code: 'Z' }] };
    expect(locationOf(await prove())).toBe('/apply');
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({
      outcome: 'proved',
      return_codes: ['Z'],
    });
  });
});

describe('an error that says nothing of the identity', () => {
  test.each([
    ['access_denied', '/auth/login', 403],
    ['access_denied', '/auth/reauthenticate', 403],
    ['temporarily_unavailable', '/auth/prove-identity', 503],
    ['login_required', '/auth/prove-identity', 403],
  ])('%s to a request of %s does not lead to the configured page', async (error, route, status) => {
    rp = await startRelyingParty({ notProvedUrl: '/not-proved', maxAge: 300 });
    browser = rp.browser();
    await rp.signIn(browser);
    rp.clock.advance(301_000);
    const { state } = await rp.begin(browser, '', route);
    expect((await rp.callback(browser, { error, state })).statusCode).toBe(status);
  });
});

describe('a core identity that is not valid', () => {
  const good = vc([nameOf(['GivenName', 'A'])]);
  test.each([
    ['of another issuer', { iss: issuer }, 'core_identity_iss_unexpected'],
    ['for another client', { aud: 'another' }, 'core_identity_aud_unexpected'],
    ['of another user', { sub: 'another' }, 'core_identity_sub_unexpected'],
    ['that has expired', { exp: 1 }, 'core_identity_expired'],
    ['of a lower level', { vot: 'P1' }, 'core_identity_vot_insufficient'],
    ['of a level that merely contains the name', { vot: 'notP2' }, 'core_identity_vot_insufficient'],
    ['without a name', { vc: vc([]) }, 'core_identity_malformed'],
  ])('%s is refused with its own code, and leaves the session as it was', async (_, claims, code) => {
    await rp.signIn(browser);
    const cookie = browser.cookies.get(sessionCookieName);
    rp.provider.coreIdentity = { vot: 'P2', vc: good, ...claims };
    const page = await prove();
    expect(page.statusCode).toBe(502);
    expect(codes()).toContain(code);
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'not_requested' });
  });

  test('by a key under another DID is refused without a look at any document', async () => {
    rp.provider.identityKey = createProviderSigningKey('did:web:evil.example#key-1');
    expect((await prove()).statusCode).toBe(502);
    expect(codes()).toContain('core_identity_controller_unexpected');
    expect(rp.provider.requests.filter(({ url }) => url.endsWith('did.json'))).toHaveLength(0);
  });
});

describe('the return from an in-person check', () => {
  test('always signs in, shows the way to the result, and ends where the service wants', async () => {
    await prove();
    const response = await rp.begin(browser, '?lang=cy', '/auth/in-person-return');
    const next = locationOf(await rp.callback(browser, response));
    expect(next).toBe('https://service.example/auth/in-person-return?step=continue&lang=cy');
    expect((await rp.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'not_requested' });

    const page = await browser.request(next.replace('https://service.example', ''));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fin-person&#38;lang=cy');
    expect(locationOf(await prove(browser, '?return_to=/in-person&lang=cy'))).toBe('/in-person');
  });

  test('of another user than the one who is signed in leads on all the same', async () => {
    await rp.signIn(browser);
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    const response = await rp.begin(browser, '', '/auth/in-person-return');
    expect(locationOf(await rp.callback(browser, response))).toContain(
      '/auth/in-person-return?step=continue',
    );
  });

  test('goes on in English when no language is asked for, and at its own route alone', async () => {
    const page = await browser.request('/auth/in-person-return?step=continue');
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fin-person&#38;lang=en');
    expect(locationOf(await browser.request('/auth/prove-identity?step=continue'))).toContain(issuer);
  });

  test('that fails starts again at the return', async () => {
    const { state } = await rp.begin(browser, '', '/auth/in-person-return');
    const page = await rp.callback(browser, { error: 'access_denied', state });
    expect(page.body).toContain('href="https://service.example/auth/in-person-return?lang=en"');
  });
});
