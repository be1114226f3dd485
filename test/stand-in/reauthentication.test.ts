import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser } from './browser.ts';
import { setUp, type World } from './relying-party.ts';

let world: World;

beforeAll(async () => {
  world = await setUp({ client: { backchannelLogoutUri: 'http://127.0.0.1:9/never' } });
});
afterAll(() => world.close());
beforeEach(() => {
  world.standIn.reset();
  world.standIn.change({ backchannelLogout: { held: true } });
});

describe('re-authentication', () => {
  const reauthenticate = async (hint: string, browser: Browser, changes = {}) =>
    world.rp.authorize({ prompt: 'login', id_token_hint: hint, ...changes }, browser);

  test('succeeds for the user of the hint, and leaves auth_time alone', async () => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn({}, browser);
    world.clock.advanceSeconds(3600);
    const callback = await reauthenticate(idToken, browser);
    const { body } = await world.rp.redeem(callback.get('code') ?? '');
    expect(decodeJwt(String(body['id_token']))['auth_time']).toBe(decodeJwt(idToken)['auth_time']);
  });

  test('fails for another user with login_required, and ends the session', async () => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn({}, browser);
    world.standIn.change({ signInAutomaticallyAs: 'tomos' });
    expect((await reauthenticate(idToken, browser)).get('error')).toBe('login_required');
    expect(world.standIn.heldBackchannelLogouts).toBe(1);
    world.standIn.change({ signInAutomaticallyAs: null });
    const next = await browser.get(await world.rp.authorizeUrl());
    expect(next.headers.get('location')).toContain('/sign-in?journey=');
  });

  test('can be told to fail, and to let anybody in', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn();
    world.standIn.change({ reauthentication: 'FAILS' });
    expect((await reauthenticate(idToken, new Browser())).get('error')).toBe('login_required');
    world.standIn.change({ reauthentication: 'ANY_USER', signInAutomaticallyAs: 'tomos' });
    expect((await reauthenticate(idToken, new Browser())).has('code')).toBe(true);
  });

  test('ignores a hint without prompt=login', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    expect((await world.rp.authorize({ id_token_hint: 'nonsense' })).has('code')).toBe(true);
  });

  test('refuses hints that it did not sign with ES256 for this client', async () => {
    world.standIn.change({
      signInAutomaticallyAs: 'maria',
      idToken: { next: [['INVALID_SIGNATURE'], ['INVALID_AUD']] },
    });
    const badlySigned = (await world.rp.signIn()).idToken;
    const ofAnotherClient = (await world.rp.signIn()).idToken;
    for (const hint of ['nonsense', badlySigned, ofAnotherClient]) {
      const callback = await reauthenticate(hint, new Browser());
      expect([callback.get('error'), callback.get('state')]).toEqual(['invalid_request', 'a-state']);
    }
  });

  test('refuses the hints of a client with RS256', async () => {
    const rs256 = await setUp({ client: { idTokenSigningAlgorithm: 'RS256' } });
    rs256.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await rs256.rp.signIn();
    const callback = await rs256.rp.authorize({ prompt: 'login', id_token_hint: idToken });
    expect(callback.get('error_description')).toBe('Unable to validate id_token_hint');
    await rs256.close();
  });

  test('takes hints by old keys, whether or not they are still published', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn();
    await world.standIn.rotateKeys('id_token', 'publish_new');
    await world.standIn.rotateKeys('id_token', 'use_new');
    expect((await reauthenticate(idToken, new Browser())).has('code')).toBe(true);
    await world.standIn.rotateKeys('id_token', 'remove_old');
    expect((await reauthenticate(idToken, new Browser())).has('code')).toBe(true);
  });
});
