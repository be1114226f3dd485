import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { redirectUri } from './browser.ts';
import { clientId, useWorld } from './relying-party.ts';

const world = useWorld({}, { signInAutomaticallyAs: 'maria' });

describe('the tokens', () => {
  test('have the claims of One Login', async () => {
    const { status, body } = await world.rp.redeem(await world.rp.code());
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 180 });
    expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'token_type']);
    const jwks = createRemoteJWKSet(new URL(`${world.standIn.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(String(body['id_token']), jwks, {
      currentDate: new Date(world.clock.now()),
    });
    const now = world.rp.nowInSeconds;
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: world.standIn.keys.id_token.signing });
    expect(payload).toEqual({
      iss: `${world.standIn.url}/`,
      sub: world.standIn.people[0]?.sub,
      aud: clientId,
      exp: now + 120,
      iat: now,
      nonce: 'a-nonce',
      vot: 'Cl.Cm',
      vtm: `${world.standIn.url}/trustmark`,
      sid: expect.any(String),
      auth_time: now,
      at_hash: createHash('sha256')
        .update(String(body['access_token']))
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    });
    expect(payload.sub).toMatch(/^urn:fdc:gov\.uk:2022:/);
  });

  test.each([
    [['Cl'], 'Cl'],
    [['Cl', 'Cl.Cm'], 'Cl'],
    [['Cl.Cm.P2'], 'Cl.Cm'],
    [undefined, 'Cl.Cm'],
  ])('have for the vtr %j the vot %s', async (vtr, vot) => {
    expect(decodeJwt((await world.rp.signIn({ vtr })).idToken)['vot']).toBe(vot);
  });
});

describe('a code', () => {
  test('is valid once', async () => {
    const code = await world.rp.code();
    expect((await world.rp.redeem(code)).status).toBe(200);
    const again = await world.rp.redeem(code);
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_grant']);
    expect(again.reason).toMatch(/^code_used/);
  });

  test('is valid for one of many requests at the same time', async () => {
    const code = await world.rp.code();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.rp.redeem(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('is valid for 300 seconds', async () => {
    const [early, late] = [await world.rp.code(), await world.rp.code()];
    world.clock.advance(299 * 1000);
    expect((await world.rp.redeem(early)).status).toBe(200);
    world.clock.advance(1 * 1000);
    const { body, reason } = await world.rp.redeem(late);
    expect([body['error'], reason]).toEqual(['invalid_grant', expect.stringMatching(/^code_expired/)]);
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['another redirect_uri', { redirect_uri: `${redirectUri}/` }, 'redirect_uri_differs'],
    ['another code_verifier', { code_verifier: 'x'.repeat(43) }, 'code_verifier_wrong'],
    ['no code_verifier', { code_verifier: undefined }, 'code_verifier_missing'],
    ['a short code_verifier', { code_verifier: 'x'.repeat(42) }, 'code_verifier_malformed'],
    ['a long code_verifier', { code_verifier: 'x'.repeat(129) }, 'code_verifier_malformed'],
    ['a code_verifier of odd characters', { code_verifier: `${'x'.repeat(43)}+` }, 'code_verifier_malformed'],
  ])('is no longer valid after a request with %s', async (_what, fields, code) => {
    const grant = await world.rp.code();
    const wrong = await world.rp.redeem(grant, fields);
    expect([wrong.status, wrong.body['error'], wrong.reason?.split(':')[0]]).toEqual([
      400,
      'invalid_grant',
      code,
    ]);
    expect((await world.rp.redeem(grant)).reason).toMatch(/^code_used/);
  });

  test('stays valid after a request without client authentication', async () => {
    const code = await world.rp.code();
    await world.rp.redeem(code, { client_assertion: 'nonsense' });
    expect((await world.rp.redeem(code)).status).toBe(200);
  });
});

describe('a token request', () => {
  test.each<[string, Record<string, string | undefined>, string, string]>([
    ['no grant_type', { grant_type: undefined }, 'invalid_request', 'grant_type_missing'],
    [
      'another grant_type',
      { grant_type: 'refresh_token' },
      'unsupported_grant_type',
      'grant_type_unsupported',
    ],
    ['no redirect_uri', { redirect_uri: undefined }, 'invalid_request', 'redirect_uri_missing'],
    ['no code', { code: '' }, 'invalid_request', 'code_missing'],
    ['an unknown code', { code: 'unknown' }, 'invalid_grant', 'code_unknown'],
    ['no client_assertion', { client_assertion: undefined }, 'invalid_request', 'client_assertion_missing'],
    [
      'no client_assertion_type',
      { client_assertion_type: undefined },
      'invalid_request',
      'client_assertion_missing',
    ],
    [
      'another client_assertion_type',
      { client_assertion_type: 'x' },
      'invalid_request',
      'client_assertion_malformed',
    ],
    ['an assertion that is none', { client_assertion: 'x' }, 'invalid_request', 'client_assertion_malformed'],
    ['another client_id', { client_id: 'x' }, 'invalid_request', 'client_assertion_malformed'],
  ])('is refused with %s', async (_what, fields, error, code) => {
    const { status, body, reason } = await world.rp.redeem(await world.rp.code(), fields);
    expect([status, body['error'], reason?.split(':')[0]]).toEqual([400, error, code]);
    expect(typeof body['error_description']).toBe('string');
  });

  test('is refused with a JSON body', async () => {
    const response = await fetch(`${world.standIn.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'authorization_code' }),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ]);
  });

  test('is refused as a GET', async () => {
    expect((await fetch(`${world.standIn.url}/token`)).status).toBe(405);
  });
});

describe('a client assertion', () => {
  test.each<[string, Record<string, unknown>]>([
    ['aud as an array', { aud: ['https://elsewhere.example', 'TOKEN'] }],
    ['the issuer as aud', { aud: 'ISSUER' }],
    ['an exp of 29 seconds ago', { exp: -29 }],
  ])('is accepted with %s', async (_what, changes) => {
    expect((await redeemWith(changes)).status).toBe(200);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['no iss', { iss: undefined }, 'invalid_request', 'client_assertion_malformed'],
    ['a sub that differs from iss', { sub: 'x' }, 'invalid_request', 'client_assertion_malformed'],
    ['no aud', { aud: undefined }, 'invalid_request', 'client_assertion_malformed'],
    ['no exp', { exp: undefined }, 'invalid_request', 'client_assertion_malformed'],
    ['no jti', { jti: undefined }, 'invalid_request', 'client_assertion_malformed'],
    ['another client', { iss: 'x', sub: 'x' }, 'invalid_client', 'client_unknown'],
    ['an exp of 30 seconds ago', { exp: -30 }, 'invalid_grant', 'client_assertion_expired'],
    [
      'another aud',
      { aud: 'https://elsewhere.example' },
      'invalid_client',
      'client_assertion_aud_unexpected',
    ],
  ])('is refused with %s', async (_what, changes, error, code) => {
    const { status, body, reason } = await redeemWith(changes);
    expect([status, body['error'], reason?.split(':')[0]]).toEqual([400, error, code]);
  });

  test('is accepted once', async () => {
    const assertion = await world.rp.sign(world.rp.assertionClaims());
    expect((await world.rp.redeem(await world.rp.code(), { client_assertion: assertion })).status).toBe(200);
    const { body, reason } = await world.rp.redeem(await world.rp.code(), { client_assertion: assertion });
    expect(body['error']).toBe('invalid_client');
    expect(reason).toMatch(/^client_assertion_replayed/);
  });

  test('is refused with the signature of another key', async () => {
    const { privateKey } = await generateKeyPair('PS256');
    const assertion = await new SignJWT(world.rp.assertionClaims())
      .setProtectedHeader({ alg: 'PS256', kid: world.rp.kid })
      .sign(privateKey);
    const { body } = await world.rp.redeem(await world.rp.code(), { client_assertion: assertion });
    expect(body['error']).toBe('invalid_client');
  });
});

async function redeemWith(changes: Readonly<Record<string, unknown>>) {
  const values: Readonly<Record<string, string>> = {
    TOKEN: `${world.standIn.url}/token`,
    ISSUER: `${world.standIn.url}/`,
  };
  const claims: Record<string, unknown> = { ...world.rp.assertionClaims(), ...changes };
  if (typeof changes['exp'] === 'number') claims['exp'] = world.rp.nowInSeconds + changes['exp'];
  const resolve = (value: unknown) => values[String(value)] ?? value;
  claims['aud'] = Array.isArray(claims['aud']) ? claims['aud'].map(resolve) : resolve(claims['aud']);
  return world.rp.redeem(await world.rp.code(), { client_assertion: await world.rp.sign(claims) });
}
