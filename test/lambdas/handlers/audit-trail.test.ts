import { beforeEach, describe, expect, test } from '@jest/globals';
import { derivePseudonym } from '../../../lambdas/core/audit.ts';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import type { Browser } from '../../support/browser.ts';
import { clientId, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
});

const trail = () =>
  rp.logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'audit');
const actions = () =>
  trail().map(({ action, outcome, confidence, code }) =>
    [action, outcome ?? code, confidence].filter(Boolean).join(' '),
  );
const goTo = async (route: string) => rp.callback(browser, await rp.begin(browser, '', route));

describe('the audit trail', () => {
  test('has one line for each thing that happens to a sign-in', async () => {
    await rp.signIn(browser);
    await goTo('/auth/prove-identity');
    await goTo('/auth/reauthenticate');
    await browser.request('/auth/logout', { headers: { 'Sec-Fetch-Site': 'same-origin' } });
    rp.clock.advance(1);
    rp.provider.coreIdentity = undefined;
    await goTo('/auth/prove-identity');
    rp.clock.advance(1);
    await rp.notify(rp.provider.logoutToken(clientId));
    await rp.callback(browser, { error: 'access_denied', state: 'x'.repeat(43) });
    expect(actions()).toEqual([
      'signed_in',
      'signed_in',
      'identity_checked proved P2',
      'reauthenticated',
      'signed_out',
      'signed_in',
      'identity_checked not_proved',
      'sessions_revoked',
      'refused attempt_unknown',
    ]);
  });

  test('has one line for a refusal', async () => {
    const { state } = await rp.begin(browser);
    await rp.callback(browser, { error: 'access_denied', state });
    expect(actions()).toEqual(['refused authorization_access_denied']);
  });

  test('says of the same user that it is the same, and of nobody who it is', async () => {
    await rp.signIn(browser);
    await rp.notify(rp.provider.logoutToken(clientId));
    const users = new Set(trail().map(({ user }) => user));
    expect(users.size).toBe(1);
    const lines = rp.logLines.join('\n');
    for (const secret of [
      rp.provider.sub,
      deriveSubjectKey(clientId, rp.provider.sub),
      'somebody@example.com',
    ]) {
      expect(lines).not.toContain(secret);
    }
  });

  test('says whose each event is, and how many sessions were revoked', async () => {
    await rp.signIn(browser);
    await goTo('/auth/prove-identity');
    await goTo('/auth/reauthenticate');
    await browser.request('/auth/logout', { headers: { 'Sec-Fetch-Site': 'same-origin' } });
    rp.clock.advance(1);
    await rp.signIn(browser);
    await rp.signIn(rp.browser());
    rp.clock.advance(1);
    await rp.notify(rp.provider.logoutToken(clientId));
    const user = derivePseudonym(clientId, rp.provider.sub);
    expect(user).toMatch(/^[\w-]{43}$/);
    expect(trail().map((event) => event['user'])).toEqual(Array(8).fill(user));
    expect(trail().at(-1)).toMatchObject({ action: 'sessions_revoked', sessions: 2 });
  });

  test('has the request id, with which the reference number of a page begins, and the time', async () => {
    await rp.signIn(browser);
    expect(trail()[0]).toMatchObject({
      request_id: '00000000-0000-4000-8000-000000000001',
      deployment: 'test',
      at: new Date(rp.clock.now()).toISOString(),
    });
  });

  test('tells a repeated callback from a sign-in', async () => {
    const response = await rp.begin(browser);
    await rp.callback(browser, response);
    await rp.callback(browser, response);
    expect(actions()).toEqual(['signed_in']);
  });
});
