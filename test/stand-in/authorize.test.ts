import { describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { identityClaims } from '../../stand-in/index.ts';
import { Browser, readCallback, redirectUri } from './browser.ts';
import { clientId, useWorld } from './relying-party.ts';

const world = useWorld(
  {
    client: { clientLoCs: ['P0', 'P2'], claims: [identityClaims.coreIdentityJwt, 'name'] },
  },
  { signInAutomaticallyAs: 'maria' },
);

/** Sends a request that is refused. */
async function getRefusal(
  url: string,
): Promise<{ status: number; refusal: string | undefined; page: string }> {
  const response = await new Browser().get(url);
  const refusal = world.standIn.refusals.at(-1)?.code;
  return { status: response.status, refusal, page: await response.text() };
}

describe('the authorization endpoint', () => {
  test('redirects with a code and the state', async () => {
    const callback = await world.rp.authorize({ state: 'state with ünusual &=characters' });
    expect(callback.get('code')).toMatch(/^[\w-]{43}$/);
    expect(callback.get('state')).toBe('state with ünusual &=characters');
    expect([...callback.keys()]).toEqual(['code', 'state']);
  });

  test.each<[string, Record<string, unknown>]>([
    ['no exp', { exp: undefined }],
    ['an exp of 29 seconds ago', { exp: -29 }],
    ['an nbf 30 seconds ahead', { nbf: 30 }],
    ['no vtr', { vtr: undefined }],
    ['vtr as a JSON string', { vtr: '["Cl"]' }],
    ['several vectors of one kind', { vtr: ['Cl', 'Cl.Cm'] }],
    ['an identity vector', { vtr: ['P2.Cl.Cm'] }],
    [
      'claims as a JSON string',
      { claims: JSON.stringify({ userinfo: { [identityClaims.coreIdentityJwt]: null } }) },
    ],
    ['claims as an object', { claims: { userinfo: { [identityClaims.coreIdentityJwt]: null } } }],
    ['ui_locales', { ui_locales: 'cy' }],
    ['max_age', { max_age: 3600 }],
    ['max_age as digits', { max_age: '3600' }],
    ['prompt=none, which it does not honour', { prompt: 'none' }],
    ['a response_mode, which it drops', { response_mode: 'fragment' }],
    ['fewer scopes than registered', { scope: 'openid email' }],
  ])('accepts a request with %s', async (_what, changes) => {
    expect((await world.rp.authorize(fromNow(changes))).get('code')).not.toBeNull();
  });

  test('accepts an aud array that holds the endpoint', async () => {
    const aud = ['https://elsewhere.example', `${world.standIn.url}/authorize`];
    expect((await world.rp.authorize({ aud })).get('code')).not.toBeNull();
  });

  test.each(['RS256', 'RS384', 'PS512'])(
    'refuses a request signed with %s when the JWKS has PS256',
    async (alg) => {
      const { status, refusal } = await getRefusal(await signedWith(alg));
      expect([status, refusal]).toEqual([400, 'request_object_signature_invalid']);
      expect(world.standIn.refusals.at(-1)?.reason).toContain(`"alg" is ${alg}, but the JWKS has PS256`);
    },
  );
});

/** Makes times absolute that are seconds from now. */
function fromNow(changes: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      ['exp', 'nbf'].includes(name) && typeof value === 'number' ? world.rp.nowInSeconds + value : value,
    ]),
  );
}

async function signedWith(alg: string): Promise<string> {
  const { privateKey } = await generateKeyPair(alg);
  const request = await new SignJWT(world.rp.requestClaims())
    .setProtectedHeader({ alg, kid: world.rp.kid })
    .sign(privateKey);
  return world.rp.authorizeUrlWith(request);
}

describe('the authorization endpoint shows a page for', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an unknown client', { client_id: 'somebody' }, 'client_unknown'],
    ['no response_type', { response_type: '' }, 'outer_parameter_missing'],
    ['no openid in the outer scope', { scope: 'email' }, 'outer_scope_without_openid'],
    [
      'a redirect_uri outside the request object',
      { redirect_uri: redirectUri },
      'outer_parameters_excessive',
    ],
    ['a state outside the request object', { state: 'a-state' }, 'outer_parameters_excessive'],
    ['something that is no JWT', { request: 'nonsense' }, 'request_object_malformed'],
  ])('a request with %s', async (_what, outer, code) => {
    const url = world.rp.authorizeUrlWith(await world.rp.sign(world.rp.requestClaims()), outer);
    const { status, refusal, page } = await getRefusal(url);
    expect([status, refusal]).toEqual([400, code]);
    expect(page).toContain(code);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no redirect_uri', { redirect_uri: undefined }, 'redirect_uri_missing'],
    ['an unregistered redirect_uri', { redirect_uri: `${redirectUri}/` }, 'redirect_uri_unregistered'],
    ['an exp of 30 seconds ago', { exp: -30 }, 'request_object_expired'],
    ['an exp that is no number', { exp: 'tomorrow' }, 'request_object_malformed'],
    ['an nbf 31 seconds ahead', { nbf: 31 }, 'request_object_not_yet_valid'],
  ])('a request with %s', async (_what, changes, code) => {
    const { status, refusal } = await getRefusal(await world.rp.authorizeUrl(fromNow(changes)));
    expect([status, refusal]).toEqual([400, code]);
  });

  test('a request without a signature', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const request = `${encode({ alg: 'none' })}.${encode(world.rp.requestClaims())}.`;
    const { status, refusal } = await getRefusal(world.rp.authorizeUrlWith(request));
    expect([status, refusal]).toEqual([400, 'request_object_unsigned']);
  });

  test.each([
    ['by another key with the right kid', 'PS256'],
    ['with an elliptic curve', 'ES256'],
  ])('a request signed %s', async (_what, alg) => {
    const { status, refusal } = await getRefusal(await signedWith(alg));
    expect([status, refusal]).toEqual([400, 'request_object_signature_invalid']);
  });

  test('a POST, with 405', async () => {
    const response = await fetch(await world.rp.authorizeUrl(), { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
  });

  test.each(['claims', '{"userinfo":[]}'])('claims on which the real One Login fails: %s', async (claims) => {
    const { status, refusal, page } = await getRefusal(await world.rp.authorizeUrl({ claims }));
    expect([status, refusal]).toEqual([502, 'claims_unreadable']);
    expect(JSON.parse(page)).toEqual({ message: 'Internal server error' });
  });
});

describe('the authorization endpoint redirects with an error for', () => {
  async function getRedirectedError(changes: Readonly<Record<string, unknown>>) {
    const callback = await world.rp.authorize(changes);
    return [callback.get('error'), callback.get('state'), world.standIn.refusals.at(-1)?.code];
  }

  test.each<[string, Record<string, unknown>, string]>([
    ['a nested request', { request: 'x' }, 'request_object_nested'],
    ['no nonce', { nonce: undefined }, 'nonce_missing'],
    ['no code_challenge', { code_challenge: undefined }, 'code_challenge_missing'],
    ['a short code_challenge', { code_challenge: 'x' }, 'code_challenge_invalid'],
    ['no code_challenge_method', { code_challenge_method: undefined }, 'code_challenge_method_missing'],
    ['code_challenge_method plain', { code_challenge_method: 'plain' }, 'code_challenge_method_unsupported'],
    ['a vtr that is no array', { vtr: 'Cl.Cm' }, 'vtr_not_valid'],
    ['an empty vtr', { vtr: [] }, 'vtr_not_valid'],
    ['an unknown vector', { vtr: ['Cm'] }, 'vtr_not_valid'],
    ['an unknown level', { vtr: ['Cl.Cm.P4'] }, 'vtr_not_valid'],
    ['two levels in one vector', { vtr: ['Cl.Cm.P1.P2'] }, 'vtr_not_valid'],
    ['identity at Cl', { vtr: ['Cl.P2'] }, 'vtr_not_valid'],
    ['mixed vectors', { vtr: ['Cl.Cm', 'Cl.Cm.P2'] }, 'vtr_not_valid'],
    ['a level that is not registered', { vtr: ['Cl.Cm.P1'] }, 'vtr_not_permitted'],
    ['an unknown claim', { claims: '{"userinfo":{"name":null}}' }, 'claims_refused'],
    [
      'an unregistered claim',
      { claims: JSON.stringify({ userinfo: { [identityClaims.passport]: null } }) },
      'claims_refused',
    ],
    ['claims for the ID token', { claims: '{"id_token":{}}' }, 'claims_refused'],
    ['an unknown language', { ui_locales: 'fr' }, 'ui_locales_invalid'],
    ['a negative max_age', { max_age: -1 }, 'max_age_negative'],
    ['a max_age of words', { max_age: 'an hour' }, 'max_age_invalid'],
    ['a long login_hint', { login_hint: 'x'.repeat(257) }, 'login_hint_invalid'],
  ])('a request with %s', async (_what, changes, code) => {
    expect(await getRedirectedError(changes)).toEqual(['invalid_request', 'a-state', code]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['another client_id inside', { client_id: 'other' }, 'unauthorized_client', 'client_id_differs'],
    ['another iss', { iss: 'other' }, 'unauthorized_client', 'request_object_iss_unexpected'],
    ['no iss', { iss: undefined }, 'unauthorized_client', 'request_object_iss_unexpected'],
    ['another aud', { aud: 'https://elsewhere.example/' }, 'access_denied', 'request_object_aud_unexpected'],
    ['no aud', { aud: undefined }, 'access_denied', 'request_object_aud_unexpected'],
    [
      'another response_type',
      { response_type: 'token' },
      'unsupported_response_type',
      'response_type_unsupported',
    ],
    ['an unregistered scope', { scope: 'openid offline_access' }, 'invalid_scope', 'scope_not_registered'],
    [
      'prompt=select_account',
      { prompt: 'select_account' },
      'unmet_authentication_requirements',
      'prompt_unsupported',
    ],
  ])('a request with %s', async (_what, changes, error, code) => {
    expect(await getRedirectedError(changes)).toEqual([error, 'a-state', code]);
  });

  test.each([undefined, '', '  '])('a request with the state %p, without a state', async (state) => {
    const callback = await world.rp.authorize({ state });
    expect(callback.get('error')).toBe('invalid_request');
    expect(callback.has('state')).toBe(false);
  });

  test('a request with another response_type in the query', async () => {
    const request = await world.rp.sign(world.rp.requestClaims());
    const url = world.rp.authorizeUrlWith(request, { response_type: 'token' });
    expect(readCallback(await new Browser().get(url)).get('error')).toBe('unsupported_response_type');
  });

  test('a request with another scope in the query', async () => {
    const url = world.rp.authorizeUrlWith(
      await world.rp.sign({ ...world.rp.requestClaims(), scope: 'openid' }),
    );
    expect(readCallback(await new Browser().get(url)).get('error')).toBe('invalid_scope');
  });

  test('a request without a request object, if its redirect URI is registered', async () => {
    const query = { response_type: 'code', scope: 'openid', client_id: clientId, state: 's' };
    const at = (uri: string) =>
      `${world.standIn.url}/authorize?${new URLSearchParams({ ...query, redirect_uri: uri })}`;
    const callback = readCallback(await new Browser().get(at(redirectUri)));
    expect([callback.get('error'), callback.get('state')]).toEqual(['access_denied', 's']);
    expect(callback.get('error_description')).toContain('JAR required');
    expect((await new Browser().get(at('https://elsewhere.example/'))).status).toBe(400);
  });
});

test('the stand-in uses the last value of a repeated parameter', async () => {
  const url = (await world.rp.authorizeUrl()).replace('?', '?client_id=somebody&');
  expect(readCallback(await new Browser().get(url)).get('code')).not.toBeNull();
});

test('a refusal has its reason in a header and in the record', async () => {
  const response = await new Browser().get(await world.rp.authorizeUrl({ nonce: undefined }));
  expect(response.headers.get('stand-in-reason')).toBe('nonce_missing: the request object has no nonce');
  expect(world.standIn.refusals).toEqual([
    {
      at: world.clock.now(),
      method: 'GET',
      path: '/authorize',
      code: 'nonce_missing',
      reason: 'the request object has no nonce',
      status: 302,
    },
  ]);
  expect(world.standIn.requests.at(-1)?.refusal).toBe('nonce_missing');
});
