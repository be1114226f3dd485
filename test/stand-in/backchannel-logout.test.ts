import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Browser } from './browser.ts';
import { clientId, setUp, type World } from './relying-party.ts';
import { jsonListener, startTestServer, type TestServer } from './test-server.ts';

let receiver: TestServer;
let world: World;

beforeEach(async () => {
  receiver = await startTestServer();
  receiver.answerWith(jsonListener({}));
  world = await setUp({ client: { backchannelLogoutUri: receiver.url } });
  world.standIn.change({ signInAutomaticallyAs: 'maria' });
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

const sub = 'urn:fdc:gov.uk:2022:a-subject';

const receivedTokens = () =>
  receiver.requests.map(({ body }) => new URLSearchParams(body).get('logout_token') ?? '');

describe('a logout token', () => {
  test.each(['ES256', 'RS256'] as const)('is signed with ES256 for a client with %s', async (alg) => {
    const other = await setUp({ client: { idTokenSigningAlgorithm: alg } });
    const { token, jti } = await other.standIn.mintLogoutToken({ sub });
    const jwks = createRemoteJWKSet(new URL(`${other.standIn.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, jwks, {
      currentDate: new Date(other.clock.now()),
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'logout+jwt', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: other.standIn.issuer,
      aud: clientId,
      sub,
      iat: other.rp.nowInSeconds,
      exp: other.rp.nowInSeconds + 120,
      jti,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
  });
});

describe('a notification', () => {
  test('is a form with the token, which is sent after a logout', async () => {
    const browser = new Browser();
    const { idToken } = await world.rp.signIn({}, browser);
    await browser.get(`${world.standIn.url}/logout`);
    await world.standIn.backchannelLogoutsSettled();
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(decodeJwt(receivedTokens()[0] ?? '').sub).toBe(decodeJwt(idToken).sub);
    expect(world.standIn.backchannelLogouts).toMatchObject([
      { delivered: true, attempts: [{ status: 200 }] },
    ]);
  });

  test.each([204, 302, 400, 500])(
    'that gets %i is sent three times more, each with a new jti',
    async (status) => {
      receiver.answerWith((_message, response) => response.writeHead(status).end());
      const delivery = await world.standIn.sendBackchannelLogout({ sub });
      expect(delivery.delivered).toBe(false);
      expect(delivery.attempts.map((attempt) => attempt.status)).toEqual([status, status, status, status]);
      expect(new Set(receivedTokens().map((token) => decodeJwt(token).jti)).size).toBe(4);
      const [first, ...others] = delivery.attempts.map(({ at }) => at);
      expect(others.map((at) => at - Number(first))).toEqual([1000, 2000, 3000]);
    },
  );

  test('is not sent again after a 200', async () => {
    receiver.answerWith((_message, response) =>
      response.writeHead(receiver.requests.length < 2 ? 500 : 200).end(),
    );
    const delivery = await world.standIn.sendBackchannelLogout({ sub });
    expect(delivery.attempts.map((attempt) => attempt.status)).toEqual([500, 200]);
    expect(delivery.delivered).toBe(true);
  });

  test('is sent again when the connection breaks', async () => {
    receiver.answerWith((message) => message.socket.resetAndDestroy());
    const delivery = await world.standIn.sendBackchannelLogout({ sub });
    expect(delivery.attempts).toHaveLength(4);
    expect(delivery.attempts[0]).toMatchObject({ status: undefined, error: expect.any(String) });
  });

  test('can be sent twice', async () => {
    world.standIn.change({ backchannelLogout: { copies: 2 } });
    const browser = new Browser();
    await world.rp.signIn({}, browser);
    await browser.get(`${world.standIn.url}/logout`);
    await world.standIn.backchannelLogoutsSettled();
    expect(new Set(receivedTokens().map((token) => decodeJwt(token).jti)).size).toBe(2);
  });

  test.each(['first_first', 'last_first'] as const)('can be held and released %s', async (order) => {
    world.standIn.change({ backchannelLogout: { held: true } });
    const subjects: unknown[] = [];
    for (const person of ['maria', 'tomos']) {
      world.standIn.change({ signInAutomaticallyAs: person });
      const browser = new Browser();
      subjects.push(decodeJwt((await world.rp.signIn({}, browser)).idToken).sub);
      await browser.get(`${world.standIn.url}/logout`);
    }
    expect([receiver.requests.length, world.standIn.heldBackchannelLogouts]).toEqual([0, 2]);
    await world.standIn.releaseBackchannelLogouts(order);
    const received = receivedTokens().map((token) => decodeJwt(token).sub);
    expect(received).toEqual(order === 'first_first' ? subjects : subjects.toReversed());
    expect(world.standIn.heldBackchannelLogouts).toBe(0);
  });

  test('is not sent when it is switched off, or when the client has no URI for it', async () => {
    world.standIn.change({ backchannelLogout: { automatic: false } });
    const browser = new Browser();
    await world.rp.signIn({}, browser);
    await browser.get(`${world.standIn.url}/logout`);
    await world.standIn.backchannelLogoutsSettled();
    expect(receiver.requests).toHaveLength(0);

    const without = await setUp();
    await expect(without.standIn.sendBackchannelLogout({ sub })).rejects.toThrow(
      'without a back-channel logout URI',
    );
  });
});
