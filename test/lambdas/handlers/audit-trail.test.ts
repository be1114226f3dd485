import { beforeEach, describe, expect, test } from '@jest/globals';
import { derivePseudonym } from '../../../lambdas/core/audit.ts';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import { clientId } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

const readTrail = () => rp.parseLog().filter(({ event }) => event === 'audit');

describe('the audit trail', () => {
  // id: audit-pseudonym-only
  test('has one line for each event, with the pseudonym of its user and no other identifier', async () => {
    const user = derivePseudonym(clientId, rp.provider.sub);
    await rp.signIn(browser);
    await rp.complete(browser, '/auth/prove-identity');
    await rp.complete(browser, '/auth/reauthenticate');
    await rp.signOut(browser);
    rp.clock.advance(1);
    rp.provider.coreIdentity = undefined;
    await rp.complete(browser, '/auth/prove-identity');
    await rp.signIn(rp.browser());
    rp.clock.advance(1);
    await rp.notify(rp.provider.logoutToken(clientId));
    await rp.callback(browser, { error: 'access_denied', state: 'x'.repeat(43) });

    expect(user).toMatch(/^[\w-]{43}$/);
    expect(readTrail().map(({ event, at, deployment, request_id, ...line }) => line)).toEqual([
      { action: 'signed_in', user },
      { action: 'signed_in', user },
      { action: 'identity_checked', outcome: 'proved', confidence: 'P2', user },
      { action: 'reauthenticated', user },
      { action: 'signed_out', user },
      { action: 'signed_in', user },
      { action: 'identity_checked', outcome: 'not_proved', reason: 'absent', user },
      { action: 'signed_in', user },
      { action: 'sessions_revoked', sessions: 2, user },
      { action: 'refused', code: 'attempt_unknown' },
    ]);
    const secrets = [rp.provider.sub, deriveSubjectKey(clientId, rp.provider.sub), 'somebody@example.com'];
    for (const secret of secrets) expect(rp.logLines.join('\n')).not.toContain(secret);
  });

  test('has the time and the request id, with which the reference number of a page begins', async () => {
    await rp.signIn(browser);
    expect(readTrail()[0]).toMatchObject({
      request_id: '00000000-0000-4000-8000-000000000001',
      deployment: 'test',
      at: new Date(rp.clock.now()).toISOString(),
    });
  });

  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    ['a sign-out without a session', () => rp.signOut(browser), []],
    [
      'a callback whose attempt is unknown, in a browser that is signed in',
      async () => {
        await rp.signIn(browser);
        await rp.callback(browser, { code: 'x', state: 'y'.repeat(43) });
      },
      ['signed_in'],
    ],
    [
      'an authentication that is repeated because it is too old',
      async () => {
        await start({ maxAge: 300 });
        rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['iat']) - 331 });
        await rp.signIn(browser);
      },
      [],
    ],
    [
      'a denial that comes again',
      async () => {
        await start({ claims: [], notProvedUrl: '/not-proved' });
        await rp.signIn(browser);
        const { state } = await rp.begin(browser, '', '/auth/prove-identity');
        for (let i = 0; i < 2; i += 1) await rp.callback(browser, { error: 'access_denied', state });
      },
      ['signed_in', 'identity_checked'],
    ],
    [
      'a denial in one tab after the identity was proved in another',
      async () => {
        await start({ claims: [], notProvedUrl: '/not-proved' });
        await rp.signIn(browser);
        const prove = () => rp.begin(browser, '', '/auth/prove-identity');
        const [first, { state }] = [await prove(), await prove()];
        await rp.callback(browser, first);
        await rp.callback(browser, { error: 'access_denied', state });
      },
      ['signed_in', 'signed_in', 'identity_checked'],
    ],
    [
      'a denial of a higher level than the one that is proved',
      async () => {
        const journeys = new Map([['medium', { vtr: ['Cl.Cm.P2'] as const }]]);
        await start({ claims: [], identityVtr: ['Cl.Cm.P1'], journeys, notProvedUrl: '/not-proved' });
        rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot: 'P1' };
        await rp.complete(browser, '/auth/prove-identity');
        const { state } = await rp.begin(browser, '?journey=medium', '/auth/prove-identity');
        await rp.callback(browser, { error: 'access_denied', state });
      },
      ['signed_in', 'identity_checked'],
    ],
    [
      'a denial to a session that is signed out meanwhile',
      async () => {
        await start({ claims: [], notProvedUrl: '/not-proved' });
        await rp.signIn(browser);
        const { state } = await rp.begin(browser, '', '/auth/prove-identity');
        rp.sessions.replaceContents = async () => false;
        await rp.callback(browser, { error: 'access_denied', state });
      },
      ['signed_in'],
    ],
  ])('has no line for %s', async (_, act, actions) => {
    await act();
    // `toEqual` would not notice a line without an action.
    expect(readTrail().map(({ action }) => action)).toStrictEqual(actions);
  });

  test('has one line for a sign-in whose callback is repeated', async () => {
    const response = await rp.begin(browser);
    await rp.callback(browser, response);
    await rp.callback(browser, response);
    expect(readTrail().map(({ action }) => action)).toStrictEqual(['signed_in']);
  });
});
