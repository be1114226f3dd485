import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader, type JWK } from 'jose';
import { setUp, type World } from './relying-party.ts';

let world: World;

beforeEach(async () => {
  world = await setUp();
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
});
afterEach(() => world.close());

async function fetchDocument(path: string) {
  const response = await fetch(`${world.standIn.url}${path}`);
  return { headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const jwks = async () => (await fetchDocument('/.well-known/jwks.json')).body['keys'] as JWK[];

interface DidDocument {
  readonly id: string;
  readonly assertionMethod: readonly { type: string; id: string; controller: string; publicKeyJwk: JWK }[];
}
const did = async () => (await fetchDocument('/.well-known/did.json')).body as unknown as DidDocument;

describe('the discovery document', () => {
  test('has the endpoints, and can be cached for a day', async () => {
    const { headers, body } = await fetchDocument('/.well-known/openid-configuration');
    const { url } = world.standIn;
    expect(headers.get('cache-control')).toBe('max-age=86400');
    expect(body).toMatchObject({
      issuer: `${url}/`,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/userinfo`,
      end_session_endpoint: `${url}/logout`,
      jwks_uri: `${url}/.well-known/jwks.json`,
      trustmarks: `${url}/trustmark`,
      code_challenge_methods_supported: ['S256'],
      request_uri_parameter_supported: false,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: false,
    });
    expect(body).not.toHaveProperty('authorization_response_iss_parameter_supported');
  });

  test('refers to a trustmark', async () => {
    expect((await fetchDocument('/trustmark')).body).toMatchObject({ idp: `${world.standIn.url}/` });
  });
});

describe('the JWKS', () => {
  test('has the ES256 key without its private part', async () => {
    const keys = await jwks();
    expect(keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        use: 'sig',
        alg: 'ES256',
        kid: world.standIn.keys.id_token.signing,
      },
    ]);
  });

  test('has a key of each algorithm for a client with RS256', async () => {
    const rs256 = await setUp({ client: { idTokenSigningAlgorithm: 'RS256' } });
    const response = await fetch(`${rs256.standIn.url}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: JWK[] };
    expect(keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
    expect(keys.some((key) => 'd' in key)).toBe(false);
  });
});

describe('the DID document', () => {
  test('has the DID of host and port, and its keys without alg', async () => {
    const { headers, body } = await fetchDocument('/.well-known/did.json');
    const id = `did:web:localhost%3A${new URL(world.standIn.url).port}`;
    expect(headers.get('cache-control')).toBe('max-age=3600, private');
    expect([world.standIn.did, body['id']]).toEqual([id, id]);
    const { assertionMethod } = await did();
    expect(assertionMethod).toEqual([
      {
        type: 'JsonWebKey',
        id: world.standIn.keys.did.signing,
        controller: id,
        publicKeyJwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
      },
    ]);
  });
});

describe('a rotation of keys', () => {
  const signingKid = async () => decodeProtectedHeader((await world.rp.signIn()).idToken).kid;

  test('publishes the new key, uses it, and removes the old one', async () => {
    const [first] = world.standIn.keys.id_token.published;
    await world.standIn.rotateKeys('id_token', 'publish_new');
    expect((await jwks()).map(({ kid }) => kid)).toEqual(world.standIn.keys.id_token.published);
    expect(await signingKid()).toBe(first);
    await world.standIn.rotateKeys('id_token', 'use_new');
    const second = world.standIn.keys.id_token.published[1];
    expect([await signingKid(), (await jwks()).length]).toEqual([second, 2]);
    await world.standIn.rotateKeys('id_token', 'remove_old');
    expect((await jwks()).map(({ kid }) => kid)).toEqual([second]);
    expect(world.standIn.keys.id_token).toEqual({ published: [second], signing: second, removed: [first] });
  });

  test('of the DID keys does not change the others', async () => {
    const before = world.standIn.keys;
    await world.standIn.rotateKeys('did', 'publish_new');
    await world.standIn.rotateKeys('did', 'use_new');
    await world.standIn.rotateKeys('did', 'remove_old');
    const { assertionMethod } = await did();
    expect(assertionMethod.map(({ id }) => id)).toEqual([world.standIn.keys.did.signing]);
    expect(world.standIn.keys.did.removed).toEqual([before.did.signing]);
    expect(world.standIn.keys.id_token).toEqual(before.id_token);
  });

  test('leaves the removed key for the fault REMOVED_KEY', async () => {
    for (const step of ['publish_new', 'use_new', 'remove_old'] as const) {
      await world.standIn.rotateKeys('id_token', step);
    }
    world.standIn.change({ idToken: { next: [['REMOVED_KEY']] } });
    expect(await signingKid()).toBe(world.standIn.keys.id_token.removed[0]);
  });

  test('must come before the fault REMOVED_KEY', async () => {
    world.standIn.change({ idToken: { next: [['REMOVED_KEY']] } });
    const { status, reason } = await world.rp.redeem(await world.rp.code());
    expect(status).toBe(500);
    expect(reason).toBe(
      'stand_in_failed: the stand-in failed: REMOVED_KEY: no key was removed yet; rotate the keys first',
    );
  });

  test('refuses steps out of order', async () => {
    await expect(world.standIn.rotateKeys('did', 'use_new')).rejects.toThrow('publish_new comes first');
    await expect(world.standIn.rotateKeys('did', 'remove_old')).rejects.toThrow('use_new comes first');
  });

  test('survives a reset', async () => {
    await world.standIn.rotateKeys('id_token', 'publish_new');
    const before = world.standIn.keys;
    world.standIn.reset();
    expect(world.standIn.keys).toEqual(before);
  });
});
