import { describe, expect, test } from '@jest/globals';
import { buildCookieNames } from '../../../lambdas/core/session/cookie-names.ts';
import type { Browser } from '../../support/browser.ts';
import { startRelyingParty } from '../../support/relying-party.ts';

/** Two deployments on one host, and a browser of each with the cookies of both. */
async function startBoth() {
  const both = await Promise.all(['', 'licences'].map((cookieName) => startRelyingParty({ cookieName })));
  const [one, other] = both.map((rp) => ({ rp, browser: rp.browser() }));
  if (one === undefined || other === undefined) throw new Error('there are two');
  /** The host's cookies are those that the last response left. */
  const carry = (from: Browser, to: Browser) => {
    to.cookies.clear();
    for (const [name, value] of from.cookies) to.cookies.set(name, value);
  };
  return {
    one,
    other,
    carryToOther: () => carry(one.browser, other.browser),
    carryToOne: () => carry(other.browser, one.browser),
  };
}

describe('two deployments on one host, one with a cookie name', () => {
  test('keep their sessions through sign-ins that run at the same time', async () => {
    const { one, other, carryToOther, carryToOne } = await startBoth();
    const first = await one.rp.begin(one.browser);
    carryToOther();
    await other.rp.signIn(other.browser);
    carryToOne();
    expect((await one.rp.callback(one.browser, first)).statusCode).toBe(303);
    carryToOther();

    for (const { rp, browser } of [one, other]) expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test.each<[string, string, string]>([
    ['the deployment without a name', 'one', 'other'],
    ['the deployment with a name', 'other', 'one'],
  ])('keep the session of the other when %s ends its own', async (_, ends, stays) => {
    for (const end of ['signs out', 'fails to re-authenticate']) {
      const { carryToOther, carryToOne, ...both } = await startBoth();
      await both.one.rp.signIn(both.one.browser);
      carryToOther();
      await both.other.rp.signIn(both.other.browser);
      carryToOne();

      const { rp, browser } = both[ends as 'one' | 'other'];
      if (end === 'signs out') await rp.signOut(browser);
      else {
        const { state } = await rp.begin(browser, '', '/auth/reauthenticate');
        await rp.callback(browser, { error: 'login_required', state });
      }
      const names = ['', 'licences'].map((name) => buildCookieNames(name).session);
      const left = ends === 'one' ? names[1] : names[0];
      expect([...browser.cookies.keys()].filter((name) => names.includes(name))).toEqual([left]);
      (ends === 'one' ? carryToOther : carryToOne)();
      const remaining = both[stays as 'one' | 'other'];
      expect((await remaining.rp.userinfo(remaining.browser)).status).toBe(200);
      expect((await rp.userinfo(browser)).status).toBe(401);
    }
  });
});
