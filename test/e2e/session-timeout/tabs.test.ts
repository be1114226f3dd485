import { expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { follow } from '../../support/pages/visit.ts';
import { until } from '../../support/until.ts';
import { context, openTab, page, service } from '../in-chromium.ts';
import { readHeading, signIn } from '../users.ts';
import {
  age,
  countUnsettled,
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

  /** Lets the page get a message of another tab. */
  async function receive(message: string): Promise<void> {
    await page.evaluate(`new Promise((resolve) => {
      const create = () => new BroadcastChannel('${service.publicUrl}/assets/session-timeout.js');
      const message = ${message};
      // The page's own channel is older, and so gets the message before this one.
      create().onmessage = ({ data }) => data?.endsAt === message?.endsAt && resolve();
      create().postMessage(message);
    })`);
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

  test('signs out in one although neither gets the message of the other', async () => {
    await openBoth();
    const { promise: bothHaveRead, resolve: release } = Promise.withResolvers<void>();
    const { promise: leaving, resolve: leave } = Promise.withResolvers<Page>();
    for (const tab of [page, other]) {
      await tab.evaluate('BroadcastChannel.prototype.postMessage = () => {}');
      await tab.route('**/auth/logout*', async (route) => {
        leave(tab);
        await bothHaveRead;
        await route.continue();
      });
    }
    const since = service.watch();
    await age(signOut);
    await context.clock.fastForward(signOut);
    const leaver = await leaving;
    const follower = leaver === page ? other : page;
    await until('the follower has read its session', async () => (await countUnsettled(follower)) === 0);
    release();
    await leaver.waitForURL(`${service.url}/auth/signed-out*`);
    await runUntil('/auth/signed-out', follower);
    expect(since().oneLogin.filter(({ path }) => path === '/logout')).toHaveLength(1);
    expectOnly('401');
  });

  test('follows although it could not read its session until the other had signed out', async () => {
    await openBoth();
    const since = service.watch();
    await other.evaluate(
      'window.usualFetch = fetch; window.fetch = async () => new Response(null, { status: 503 })',
    );
    await pass(180 * minute);
    await runUntil('/auth/signed-out');
    await other.evaluate('window.fetch = window.usualFetch');
    await runUntil('/auth/signed-out', other);
    expect(since().oneLogin.filter(({ path }) => path === '/logout')).toHaveLength(1);
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

  test('leaves another 5 seconds to sign out', async () => {
    await signIn();
    await open('/account');
    let requests = 0;
    await page.route('**/userinfo*', (route) => {
      requests += 1;
      return route.continue();
    });
    await receive('null');
    await run(4 * second);
    expect(requests).toBe(0);
    await run(2 * second);
    expect(requests).toBe(1);
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
    await receive(`{ endsAt: Date.now() - ${minute}, isFixed: false }`);
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
