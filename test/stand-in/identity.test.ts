import { describe, expect, test } from '@jest/globals';
import { decodeJwt, jwtVerify } from 'jose';
import { identityClaims } from '../../stand-in/index.ts';
import { Browser, readCallback } from './browser.ts';
import { clientId, fetchDidKeys, setUp, useWorld } from './relying-party.ts';

const landingPageUrl = 'http://localhost:8080/auth/in-person-return';

const world = useWorld({ client: { landingPageUrl } });

const claimsFor = (...names: readonly string[]) =>
  JSON.stringify({ userinfo: Object.fromEntries(names.map((name) => [name, null])) });

/** An identity request with all claims. */
const identityRequest = (level = 'P2') => ({
  vtr: [`Cl.Cm.${level}`],
  claims: claimsFor(...Object.values(identityClaims)),
});

async function prove(person: string, changes: Readonly<Record<string, unknown>> = identityRequest()) {
  world.standIn.change({ signInAutomaticallyAs: person });
  return world.rp.signIn(changes);
}

const readCoreIdentity = (userinfo: Readonly<Record<string, unknown>>) =>
  String(userinfo[identityClaims.coreIdentityJwt]);

describe('a proved identity', () => {
  test('is a core identity signed by a key of the DID document', async () => {
    const { userinfo, idToken } = await prove('maria');
    const { payload, protectedHeader } = await jwtVerify(
      readCoreIdentity(userinfo),
      await fetchDidKeys(world.standIn),
      {
        currentDate: new Date(world.clock.now()),
      },
    );
    const now = world.rp.nowInSeconds;
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: world.standIn.keys.did.signing });
    expect(protectedHeader.kid).toMatch(
      new RegExp(`^did:web:localhost%3A${new URL(world.standIn.url).port}#`),
    );
    expect(payload).toEqual({
      iss: world.standIn.issuer,
      aud: clientId,
      sub: decodeJwt(idToken).sub,
      iat: now,
      nbf: now,
      exp: now + 1800,
      vot: 'P2',
      vtm: `${world.standIn.url}/trustmark`,
      vc: {
        type: ['VerifiableCredential', 'IdentityCheckCredential'],
        credentialSubject: {
          name: [
            {
              nameParts: [
                { type: 'GivenName', value: 'Maria' },
                { type: 'GivenName', value: 'Grace' },
                { type: 'FamilyName', value: 'Okafor' },
              ],
            },
          ],
          birthDate: [{ value: '1985-03-11' }],
        },
      },
    });
    expect(userinfo[identityClaims.address]).toHaveLength(2);
    expect(userinfo[identityClaims.passport]).toHaveLength(1);
    expect(userinfo[identityClaims.drivingPermit]).toHaveLength(1);
    expect(userinfo).not.toHaveProperty([identityClaims.returnCode]);
  });

  test('has the requested claims only', async () => {
    const { userinfo } = await prove('maria', {
      vtr: ['Cl.Cm.P2'],
      claims: claimsFor(identityClaims.passport),
    });
    expect(Object.keys(userinfo).filter((name) => name.startsWith('https:'))).toEqual([
      identityClaims.passport,
    ]);
  });

  test('is not in userinfo after a request for authentication', async () => {
    const { userinfo } = await prove('maria', { vtr: ['Cl.Cm'], claims: identityRequest().claims });
    expect(Object.keys(userinfo).filter((name) => name.startsWith('https:'))).toEqual([]);
  });

  test.each([
    ['maria', ['Cl.Cm.P1'], 'P1'],
    ['maria', ['Cl.Cm.P1', 'Cl.Cm.P2'], 'P2'],
    ['only-p1', ['Cl.Cm.P1', 'Cl.Cm.P2'], 'P1'],
  ])('of %s for %j has the vot %s', async (person, vtr, vot) => {
    const { userinfo } = await prove(person, { ...identityRequest(), vtr });
    expect(decodeJwt(readCoreIdentity(userinfo))['vot']).toBe(vot);
  });

  test('is in userinfo for 180 seconds, whatever the age of the access token', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const code = await world.rp.code(identityRequest());
    world.clock.advance(100 * 1000);
    const { body } = await world.rp.redeem(code);
    world.clock.advance(79 * 1000);
    const early = (await (await world.rp.userinfo(body['access_token'])).json()) as Record<string, unknown>;
    expect(early).toHaveProperty([identityClaims.coreIdentityJwt]);
    world.clock.advance(1 * 1000);
    const late = await world.rp.userinfo(body['access_token']);
    expect([late.status, Object.keys((await late.json()) as object)]).toEqual([
      200,
      ['sub', 'email', 'email_verified', 'phone_number', 'phone_number_verified'],
    ]);
  });
});

describe('an identity that is not proved', () => {
  test('has the return codes in userinfo', async () => {
    const { userinfo } = await prove('not-proved-with-codes');
    expect(Object.keys(userinfo).filter((name) => name.startsWith('https:'))).toEqual([
      identityClaims.returnCode,
    ]);
    expect(userinfo[identityClaims.returnCode]).toEqual([{ code: 'F' }, { code: 'Z' }]);
  });

  test('is access_denied when the request has no return codes', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'not-proved-with-codes' });
    const callback = await world.rp.authorize({
      vtr: ['Cl.Cm.P2'],
      claims: claimsFor(identityClaims.coreIdentityJwt),
    });
    expect(callback.get('error')).toBe('access_denied');
  });

  test.each(['not-proved', 'only-p1'])('has no claims in userinfo for %s', async (person) => {
    const { userinfo } = await prove(person);
    expect(Object.keys(userinfo).filter((name) => name.startsWith('https:'))).toEqual([]);
  });
});

test('a proved identity can have return codes', async () => {
  const { userinfo } = await prove('proved-with-codes');
  expect(userinfo[identityClaims.returnCode]).toEqual([{ code: 'A' }, { code: 'P' }]);
  expect(userinfo).toHaveProperty([identityClaims.coreIdentityJwt]);
});

describe('the control can set the outcome', () => {
  test.each([
    ['PROVED', true, undefined],
    ['PROVED_WITH_RETURN_CODES', true, [{ code: 'F' }, { code: 'Z' }]],
    ['NOT_PROVED_WITH_RETURN_CODES', false, [{ code: 'F' }, { code: 'Z' }]],
    ['NOT_PROVED_WITHOUT_RETURN_CODES', false, undefined],
  ] as const)('%s', async (outcome, isProved, returnCodes) => {
    world.standIn.change({ identity: { next: [outcome] } });
    const { userinfo } = await prove('not-proved-with-codes');
    expect(identityClaims.coreIdentityJwt in userinfo).toBe(isProved);
    expect(userinfo[identityClaims.returnCode]).toEqual(returnCodes);
  });

  test('ACCESS_DENIED, which a request without identity does not use up', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria', identity: { next: ['ACCESS_DENIED'] } });
    expect((await world.rp.authorize()).has('code')).toBe(true);
    expect((await world.rp.authorize(identityRequest())).get('error')).toBe('access_denied');
  });
});

describe('the sign-in page', () => {
  test('offers a signed-in browser the outcomes, but not the people', async () => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    await world.rp.signIn({}, browser);
    world.standIn.change({ signInAutomaticallyAs: null });
    const redirect = await browser.get(await world.rp.authorizeUrl(identityRequest()));
    const html = await (await browser.get(redirect.headers.get('location') ?? '')).text();
    expect(html.match(/name="person"/g)).toHaveLength(1);
    expect(html).toContain('value="NOT_PROVED_WITH_RETURN_CODES"');
    expect(html).toContain('value="core_identity:INCORRECT_SUB"');
    const journey = /name="journey" value="([\w-]+)"/.exec(html)?.[1] ?? '';
    const fields = { journey, person: 'maria', identity: 'NOT_PROVED_WITH_RETURN_CODES' };
    const callback = readCallback(await browser.post(`${world.standIn.url}/sign-in`, fields));
    const { body } = await world.rp.redeem(callback.get('code') ?? '');
    const userinfo = (await (await world.rp.userinfo(body['access_token'])).json()) as Record<
      string,
      unknown
    >;
    expect(userinfo[identityClaims.returnCode]).toEqual([{ code: 'A' }]);
  });
});

describe('the in-person journey', () => {
  test.each([
    ['PROVED', true],
    ['NOT_PROVED', false],
  ] as const)('ends on the landing page, and the next check is %s', async (result, isProved) => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'in-person' });
    const left = await browser.get(await world.rp.authorizeUrl(identityRequest()));
    const page = await (await browser.get(left.headers.get('location') ?? '')).text();
    expect(page).toContain('Post Office');
    world.standIn.change({ signInAutomaticallyAs: null });

    const link = new RegExp(`href="([^"]*result=${result})"`).exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
    const landing = await browser.get(link);
    expect(landing.headers.get('location')).toBe(landingPageUrl);
    expect((await world.rp.authorize({}, browser)).has('code')).toBe(true);

    world.standIn.change({ signInAutomaticallyAs: 'in-person' });
    const { userinfo } = await world.rp.signIn(identityRequest(), browser);
    expect(identityClaims.coreIdentityJwt in userinfo).toBe(isProved);
  });

  test('ends with 400 for a service without a landing page', async () => {
    const other = await setUp();
    const link = other.standIn.finishInPersonCheck('in-person', 'PROVED');
    expect((await new Browser().get(link)).status).toBe(400);
  });
});
