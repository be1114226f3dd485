import { expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { follow } from '../../support/pages/visit.ts';
import { openTab, page, service } from '../in-chromium.ts';
import { readHeading, signIn } from '../users.ts';
import {
  describeInPassingTime,
  expectOnly,
  expectSignedOut,
  findButton,
  findDialog,
  minute,
  open,
  pass,
  run,
  runUntil,
  second,
  settle,
  showAgain,
  signOut,
  warning,
} from './in-passing-time.ts';

describeInPassingTime('the session timeout dialog in two tabs', () => {
  let other: Page;
  async function openBoth(): Promise<void> {
    other = await openTab();
    await signIn();
    await open('/account');
    await open('/account', other);
  }
  async function waitForBoth(state: 'visible' | 'hidden' = 'visible'): Promise<void> {
    await findDialog().waitFor({ state });
    await findDialog(other).waitFor({ state });
  }

  test('closes in both when the user stays in one', async () => {
    await openBoth();
    await pass(warning);
    await waitForBoth();
    await findButton(other).click();
    await waitForBoth('hidden');
  });

  test('closes in one when the user goes on in the other', async () => {
    await openBoth();
    await pass(warning);
    await waitForBoth();
    await other.goto(`${service.url}/account`);
    await waitForBoth('hidden');
  });

  test('stays closed in one while the user goes on in the other', async () => {
    await openBoth();
    await pass(warning - 30 * second);
    await open('/account', other);
    await pass(30 * second);
    await run(10 * second);
    expect([await findDialog().isVisible(), await findDialog(other).isVisible()]).toEqual([false, false]);
  });

  test.each([
    ['before the session ends', signOut],
    ['after both have slept', 180 * minute],
  ])('signs out in one, and the other follows, %s', async (_, time) => {
    await openBoth();
    const since = service.watch();
    await pass(time);
    await runUntil('/auth/signed-out');
    await runUntil('/auth/signed-out', other);
    expect(since().oneLogin.filter(({ path }) => path === '/logout')).toHaveLength(1);
    expect(await readHeading(other)).toBe('You are signed out');
    await expectSignedOut();
    expectOnly('401');
  });

  test('lets the other follow when the user signs out by the link in one', async () => {
    await openBoth();
    await pass(warning);
    await waitForBoth();
    await follow(findDialog(other).getByRole('link'));
    await runUntil('/auth/signed-out');
    expect(await readHeading()).toBe('You are signed out');
    expectOnly('401');
  });

  test('follows although a response from before the sign-out comes late', async () => {
    await openBoth();
    await pass(warning);
    await waitForBoth();
    const [read, signedOut] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const answerLate = async (route: Route) => {
      const response = await route.fetch();
      read.resolve();
      await signedOut.promise;
      await route.fulfill({ response });
    };
    await page.route('**/userinfo*', answerLate, { times: 1 });
    await showAgain();
    await read.promise;
    await follow(findDialog(other).getByRole('link'));
    signedOut.resolve();
    await runUntil('/auth/signed-out');
    expectOnly('401');
  });

  test.each([
    ['shows again', "document.dispatchEvent(new Event('visibilitychange'))"],
    ['has kept', "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"],
  ])('leads on in a tab that the browser %s after a sign-out in another', async (_, event) => {
    await openBoth();
    await follow(other.getByRole('link', { name: 'Sign out' }));
    expect(await readHeading(other)).toBe('You are signed out');
    await page.evaluate(event);
    await runUntil('/auth/signed-out');
    expect(await readHeading()).toBe('You are signed out');
    expectOnly('401');
  });

  test('does not sign the user out in a tab that the browser had frozen while they went on in another', async () => {
    await signIn();
    await open('/account');
    // The browser delivers what came meanwhile at once, the oldest first.
    const read = page.waitForResponse(/userinfo/);
    await page.evaluate(`new Promise((resolve) => {
      const create = () => new BroadcastChannel('${service.publicUrl}/assets/session-timeout.js');
      const old = { endsAt: Date.now() - ${minute}, isFixed: false };
      // The page's own channel is older, and so gets the message before this one.
      create().onmessage = ({ data }) => data.endsAt === old.endsAt && resolve();
      create().postMessage(old);
    })`);
    await run(2 * second);
    expect((await read).status()).toBe(200);
    await run(2 * second);
    expect(page.url()).toBe(`${service.url}/account`);
  });

  test('stays closed while a sign-in in another replaces the session', async () => {
    await signIn();
    await open('/account');
    await page.route('**/userinfo*', (route) => route.fulfill({ status: 401 }), { times: 1 });
    await pass(warning - 30 * second);
    await showAgain();
    await settle();
    const again = page.waitForResponse(/userinfo/);
    await run(3 * second);
    expect((await again).status()).toBe(200);
    await pass(30 * second);
    await findDialog().waitFor();
    expectOnly('401');
  });
});
