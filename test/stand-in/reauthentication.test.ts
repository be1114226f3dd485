import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser } from './browser.ts';
import { setUp, useWorld } from './relying-party.ts';

const world = useWorld(
  { client: { backchannelLogoutUri: 'http://127.0.0.1:9/never' } },
  { backchannelLogout: { held: true } },
);

describe('re-authentication', () => {
  const reauthenticate = async (hint: string, browser: Browser, changes = {}) =>
    world.rp.authorize({ prompt: 'login', id_token_hint: hint, ...changes }, browser);

  test('succeeds for the user of the hint with the same auth_time', async () => {
    const browser = new Browser();
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn({}, browser);
    world.clock.advance(3600 * 1000);
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

  test('can fail for all users, and succeed for any user', async () => {
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

  test('refuses hints that are not signed with ES256 for this client', async () => {
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
    const rs256 = await setUp({
      client: { idTokenSigningAlgorithm: 'RS256' },
      behaviour: { signInAutomaticallyAs: 'maria' },
    });
    const { idToken } = await rs256.rp.signIn();
    const callback = await rs256.rp.authorize({ prompt: 'login', id_token_hint: idToken });
    expect(callback.get('error_description')).toBe('Unable to validate id_token_hint');
  });

  test('accepts hints by old keys, published or not', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { idToken } = await world.rp.signIn();
    await world.standIn.rotateKeys('id_token', 'publish_new');
    await world.standIn.rotateKeys('id_token', 'use_new');
    expect((await reauthenticate(idToken, new Browser())).has('code')).toBe(true);
    await world.standIn.rotateKeys('id_token', 'remove_old');
    expect((await reauthenticate(idToken, new Browser())).has('code')).toBe(true);
  });
});
