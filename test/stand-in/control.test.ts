import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { identityClaims } from '../../stand-in/index.ts';
import { Browser } from './browser.ts';
import { setUp, type World } from './relying-party.ts';
import { jsonListener, startTestServer, type TestServer } from './test-server.ts';

let receiver: TestServer;
let world: World;

beforeAll(async () => {
  receiver = await startTestServer();
  receiver.answerWith(jsonListener({}));
  world = await setUp({
    client: {
      backchannelLogoutUri: receiver.url,
      landingPageUrl: 'http://localhost:8080/auth/in-person-return',
    },
  });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(() => world.standIn.reset());

/** Sends a request to /control with a JSON body, like curl. */
async function control(method: string, path = '', body?: unknown) {
  const response = await fetch(`${world.standIn.url}/control${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control', () => {
  test('returns the state', async () => {
    const { status, body } = await control('GET');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: world.standIn.issuer,
      did: world.standIn.did,
      client: { clientId: 'a-client' },
      behaviour: { signInAutomaticallyAs: null, idToken: { always: null, next: [] } },
      keys: { id_token: { signing: expect.any(String) } },
    });
    expect(body['people']).toContain('maria');
  });

  test('changes only the fields of a patch', async () => {
    const patch = {
      signInAutomaticallyAs: 'tomos',
      authorizationError: { next: ['SERVER_ERROR'] },
      endpoints: { token: { always: { status: 502, body: '{}' } } },
      backchannelLogout: { copies: 2 },
    };
    await control('PATCH', '', { idToken: { always: ['INVALID_ISS'] } });
    const { status, body } = await control('PATCH', '', patch);
    expect(status).toBe(200);
    expect(body['behaviour']).toMatchObject({
      signInAutomaticallyAs: 'tomos',
      authorizationError: { always: null, next: ['SERVER_ERROR'] },
      idToken: { always: ['INVALID_ISS'], next: [] },
      endpoints: { token: { always: { status: 502 }, next: [] }, userinfo: { always: null, next: [] } },
      backchannelLogout: { automatic: true, held: false, copies: 2 },
    });
    expect(world.standIn.behaviour).toEqual(body['behaviour']);
    expect((await world.rp.authorize()).get('error')).toBe('server_error');
  });

  test('restores the start on DELETE', async () => {
    await world.rp.authorize({ nonce: undefined });
    await control('PATCH', '', { signInAutomaticallyAs: 'tomos' });
    const { body } = await control('DELETE');
    expect(body['behaviour']).toMatchObject({ signInAutomaticallyAs: null });
    expect([world.standIn.requests, world.standIn.refusals]).toEqual([[], []]);
  });

  test.each<[unknown, RegExp]>([
    [{ signInAs: 'maria' }, /^signInAs: unknown; there are signInAutomaticallyAs, /],
    [{ signInAutomaticallyAs: 'nobody' }, /no person with the id "nobody"/],
    [{ signInAutomaticallyAs: 1 }, /^signInAutomaticallyAs: expected a string/],
    [{ idToken: ['INVALID_ISS'] }, /^idToken: expected an object/],
    [{ idToken: { next: ['INVALID_ISS'] } }, /^idToken\.next\[0\]: expected an array/],
    [
      { idToken: { always: ['WRONG'] } },
      /^idToken\.always\[0\]: expected one of INVALID_ALG_HEADER, .* not "WRONG"/,
    ],
    [{ authorizationError: { next: null } }, /^authorizationError\.next: expected an array/],
    [{ reauthentication: 'SOMETIMES' }, /^reauthentication: expected one of STRICT, FAILS, ANY_USER/],
    [{ endpoints: { tokens: {} } }, /^endpoints\.tokens: unknown/],
    [
      { endpoints: { token: { always: { delay: -1 } } } },
      /^endpoints\.token\.always\.delay: expected a whole number/,
    ],
    [{ endpoints: { token: { always: { hang: 'yes' } } } }, /expected true or false/],
    [[], /^the body: expected an object/],
  ])('refuses the patch %j with the reason', async (patch, message) => {
    const before = world.standIn.behaviour;
    const { status, body } = await control('PATCH', '', patch);
    expect([status, body['error']]).toEqual([400, expect.stringMatching(message)]);
    expect(world.standIn.behaviour).toEqual(before);
  });

  test('refuses a body that is not JSON, an unknown path and an unknown method', async () => {
    const response = await fetch(`${world.standIn.url}/control`, { method: 'PATCH', body: 'on' });
    expect([response.status, await response.json()]).toEqual([400, { error: 'the body is not JSON' }]);
    expect((await control('GET', '/nothing')).body['error']).toContain('/control/people');
    expect((await control('POST')).body['error']).toContain('takes GET, PATCH, DELETE');
  });
});

describe('the control', () => {
  test('rotates keys', async () => {
    const { body } = await control('POST', '/key-rotations', { keys: 'did', step: 'publish_new' });
    expect(body['did']).toMatchObject({ published: world.standIn.keys.did.published });
    expect(world.standIn.keys.did.published.length).toBeGreaterThan(1);
    const early = await control('POST', '/key-rotations', { keys: 'id_token', step: 'remove_old' });
    expect([early.status, early.body['error']]).toEqual([
      409,
      expect.stringContaining('use_new comes first'),
    ]);
    expect((await control('POST', '/key-rotations', { keys: 'did' })).body['error']).toBe(
      'the body lacks step',
    );
  });

  test('mints logout tokens', async () => {
    const { body } = await control('POST', '/logout-tokens', {
      person: 'maria',
      faults: ['NONCE'],
      claims: { jti: '1' },
    });
    expect(body['jti']).toBe('1');
    expect(decodeJwt(String(body['logout_token']))).toMatchObject({
      sub: world.standIn.people[0]?.sub,
      nonce: 'a-nonce',
      jti: '1',
    });
    expect((await control('POST', '/logout-tokens', {})).body['error']).toBe('the body lacks person, or sub');
    expect((await control('POST', '/logout-tokens', { person: 'x' })).status).toBe(400);
  });

  test('sends and releases notifications', async () => {
    const { body } = await control('POST', '/backchannel-logouts', { sub: 'urn:fdc:gov.uk:2022:x' });
    expect(body).toMatchObject({ delivered: true, attempts: [{ status: 200 }] });
    expect((await control('GET', '/backchannel-logouts')).body).toMatchObject({
      deliveries: [{ delivered: true }],
      held: 0,
    });
    world.standIn.change({ signInAutomaticallyAs: 'maria', backchannelLogout: { held: true } });
    const browser = new Browser();
    await world.rp.signIn({}, browser);
    await browser.get(`${world.standIn.url}/logout`);
    const released = await control('POST', '/backchannel-logouts/release', { order: 'last_first' });
    expect(released.body).toMatchObject([{ delivered: true }]);
  });

  test('adds a person with any identity', async () => {
    const identity = {
      highestLevel: 'P2',
      name: [{ nameParts: [{ type: 'FamilyName', value: 'Ōe' }], validUntil: '2020-01-01' }],
      birthDate: [{ value: '1935-01-31' }],
      address: [{ postalCode: 'X', anything: { goes: true } }],
    };
    const { status, body } = await control('POST', '/people', {
      id: 'new-one',
      email: 'new@example.org',
      identity,
    });
    expect([status, body['email'], body['emailVerified']]).toEqual([200, 'new@example.org', true]);
    world.standIn.change({ signInAutomaticallyAs: 'new-one' });
    const claims = JSON.stringify({ userinfo: { [identityClaims.address]: null } });
    const { userinfo } = await world.rp.signIn({ vtr: ['Cl.Cm.P2'], claims });
    expect(userinfo[identityClaims.address]).toEqual(identity.address);
  });

  test.each<[unknown, RegExp]>([
    [{}, /lacks id/],
    [{ id: 'Not Kebab' }, /kebab-case/],
    [{ id: 'a', emailVerified: 'yes' }, /emailVerified: expected true or false/],
    [{ id: 'a', identity: { name: [] } }, /identity lacks highestLevel, birthDate/],
    [
      { id: 'a', identity: { highestLevel: 'P2', birthDate: [], name: [{}] } },
      /identity\.name\[0\] lacks nameParts/,
    ],
  ])('does not add a person with %j', async (person, message) => {
    const { status, body } = await control('POST', '/people', person);
    expect([status, body['error']]).toEqual([400, expect.stringMatching(message)]);
  });

  test('ends an in-person check', async () => {
    const { body } = await control('POST', '/in-person-checks', { person: 'in-person' });
    const landing = await new Browser().get(String(body['e_mail_link']));
    expect(landing.headers.get('location')).toBe('http://localhost:8080/auth/in-person-return');
  });

  test('signs browsers out without a notification', async () => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'maria', backchannelLogout: { held: true } });
    await world.rp.signIn({}, browser);
    world.standIn.change({ signInAutomaticallyAs: null });
    expect((await control('DELETE', '/browsers')).status).toBe(200);
    const response = await browser.get(await world.rp.authorizeUrl());
    expect(response.headers.get('location')).toContain('/sign-in');
    expect(world.standIn.heldBackchannelLogouts).toBe(0);
  });

  test("removes the service's keys", async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    await world.rp.authorize();
    const before = world.jwks.requests.length;
    await control('DELETE', '/client-keys');
    await world.rp.authorize();
    expect(world.jwks.requests.length).toBe(before + 1);
  });
});

describe('the guard of the control', () => {
  /** fetch sends no such headers. @returns the status */
  function statusWith(headers: Readonly<Record<string, string>>): Promise<number> {
    return new Promise((resolve, reject) => {
      httpRequest(`${world.standIn.url}/control`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  }

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:8080' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
    { host: 'localhost' },
  ])('refuses a request with %j', async (headers) => {
    expect(await statusWith(headers as unknown as Record<string, string>)).toBe(403);
  });

  test('accepts programs on this machine and the pages of the stand-in', async () => {
    expect(await statusWith({})).toBe(200);
    expect(await statusWith({ origin: world.standIn.url, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusWith({ 'sec-fetch-site': 'none' })).toBe(200);
  });
});
