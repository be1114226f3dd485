import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page, Request, Route } from 'playwright-core';
import { texts } from '../../lib/pages/page-texts.ts';
import { narrow } from '../support/pages/open-page.ts';
import { follow, languages } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { findAccessibilityViolations } from './checks/accessibility.ts';
import { measure } from './checks/measure.ts';
import { complaints, context, describeInChromium, openTab, page, service } from './in-chromium.ts';
import { buildLoginUrl, readHeading, signIn } from './users.ts';

const [second, minute] = [1_000, 60_000];
/** In `config/local.json` a session ends after an hour. The sign-out is a minute before, and the warning 5 minutes before that. */
const [warning, signOut] = [54 * minute, 59 * minute];

const findDialog = (tab = page) => tab.getByRole('alertdialog');
const findButton = (tab = page) => findDialog(tab).getByRole('button');
/** What a user sees of the time. */
const readTime = () => findDialog().locator('[aria-hidden]').innerText();
const isFocused = (selector: string) =>
  page.evaluate<boolean>(`document.activeElement.matches('${selector}')`);

const scriptLine = '<script src="/auth/assets/session-timeout.js" defer></script>';

/** Opens a page of the service, and waits until it has read its session. */
async function open(path: string, tab = page): Promise<void> {
  await Promise.all([tab.waitForResponse(/\/userinfo\?peek=1$/), tab.goto(service.url + path)]);
}

/** Gives the service a page with the dialog and other content. */
function routePage(content: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const body = `<!doctype html><html lang="en"><title>A page</title>${scriptLine}<main><h1>A page</h1>${content}</main></html>`;
  return page.route('**/page', (route) => route.fulfill({ contentType: 'text/html', headers, body }));
}

async function openPage(...content: Parameters<typeof routePage>): Promise<void> {
  await routePage(...content);
  await open('/page');
}

/** Makes the sessions older, so that for them the server's clock has gone on. */
function age(milliseconds: number): Promise<void> {
  const passed = { N: String(milliseconds) };
  return service.updateSessions('SET idle_expires_at = idle_expires_at - :passed', { ':passed': passed });
}

/** Lets time pass, during which nothing runs in the browser. */
async function pass(milliseconds: number): Promise<void> {
  await age(milliseconds);
  await context.clock.fastForward(milliseconds);
}

/** The requests for a session that have no response yet. */
const pending = new Set<Request>();

/**
 * Lets time pass, during which pages run, until a tab is at a path of the service. No time passes during a request, or a slow
 * machine would make it one that the page has given up.
 */
async function runUntil(path: string, tab = page): Promise<void> {
  const isThere = () => tab.url().startsWith(service.url + path);
  for (let tries = 0; !isThere(); tries += 1) {
    if (tries > 300) throw new Error(`the user is not at ${path}, but at ${tab.url()}`);
    await context.clock.runFor(second);
    await until('the response', () => pending.size === 0 || isThere());
  }
  await tab.waitForLoadState();
}

/** Browsers log each 401 that a script gets. */
function expectOnly(...expected: readonly string[]): void {
  const found = complaints
    .splice(0)
    .map((complaint) => expected.find((each) => complaint.includes(each)) ?? complaint);
  expect([...new Set(found)]).toEqual(expected);
}

/** Makes the page act as if the user came back to its tab. */
const showAgain = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");

async function readIdleExpiry(): Promise<number> {
  const [row] = await service.sessionRows();
  return Number(row?.['idle_expires_at']?.N);
}

/** One Login shows its sign-in page only to users who have no session there. */
async function expectSignedOut(tab = page): Promise<void> {
  expect(await readHeading(tab)).toBe('You are signed out');
  await tab.goto(buildLoginUrl('/'));
  expect(await readHeading(tab)).toBe('Sign in');
}

describeInChromium(
  'the session timeout dialog',
  () => {
    beforeAll(async () => {
      await context.clock.install();
      context.on('request', (request) => request.url().includes('/userinfo') && pending.add(request));
      context.on('requestfinished', (request) => pending.delete(request));
      context.on('requestfailed', (request) => pending.delete(request));
    });

    afterEach(() => pending.clear());

    test('warns 5 minutes before the sign-out, and keeps the user signed in by its button', async () => {
      await signIn();
      await open('/account');
      await pass(warning - 30 * second);
      expect(await findDialog().isVisible()).toBe(false);
      await pass(30 * second);
      await findDialog().waitFor();
      const before = await readIdleExpiry();
      await findButton().click();
      await findDialog().waitFor({ state: 'hidden' });
      expect(await readIdleExpiry()).toBeGreaterThan(before + 50 * minute);
      await pass(warning);
      await findDialog().waitFor();
    });

    test('shows each second, and has a screen reader read each minute and the last minute every 20 seconds', async () => {
      await signIn();
      await open('/account');
      await pass(warning);
      await findDialog().waitFor();
      await page.evaluate(`{
        window.readings = 0;
        const count = new MutationObserver(() => window.readings++);
        count.observe(document.querySelector('dialog [role=status]'), { childList: true });
      }`);
      const spoken = new Set<string>();
      const seen = new Set<string>();
      for (const step of [...Array(12).fill(20 * second), ...Array(50).fill(second)]) {
        await context.clock.runFor(step);
        seen.add(await readTime());
        spoken.add(await findDialog().getByRole('status').innerText());
      }
      const times = [
        '5 minutes',
        '4 minutes',
        '3 minutes',
        '2 minutes',
        '60 seconds',
        '40 seconds',
        '20 seconds',
      ];
      expect([...spoken]).toEqual(times.map((time) => `For your security, we will sign you out in ${time}.`));
      // The first text was there before.
      expect(await page.evaluate('readings')).toBe(times.length - 1);
      expect(seen.size).toBeGreaterThan(50);
      expect(seen).toContain('For your security, we will sign you out in 31 seconds.');
    });

    test('works by the keyboard: keeps the focus, keeps the user signed in by Enter, Space and Esc, and returns the focus', async () => {
      await signIn();
      await openPage('<label>Name <input></label>');
      await page.getByRole('textbox').focus();
      for (const keys of [['Tab', 'Enter'], ['Tab', 'Tab', 'Shift+Tab', 'Space'], ['Escape']]) {
        await pass(warning);
        await findDialog().waitFor();
        // So that a user who is typing presses no button.
        expect(await isFocused('dialog')).toBe(true);
        for (let presses = 0; presses < 4; presses += 1) {
          await page.keyboard.press('Tab');
          expect(await isFocused('input')).toBe(false);
        }
        await findDialog().focus();
        for (const key of keys) await page.keyboard.press(key);
        await findDialog().waitFor({ state: 'hidden' });
        expect(await isFocused('input')).toBe(true);
      }
    });

    test('signs out by its link', async () => {
      await signIn();
      await open('/account');
      await pass(warning);
      await follow(findDialog().getByRole('link', { name: 'Sign out' }));
      await expectSignedOut();
    });

    test('signs the user out of One Login a minute before the session ends', async () => {
      await signIn();
      await open('/account');
      await pass(signOut - 30 * second);
      await findDialog().waitFor();
      expect(page.url()).toBe(`${service.url}/account`);
      await pass(30 * second);
      await runUntil('/auth/signed-out');
      await expectSignedOut();
    });

    test.each(languages)('meets the rules for pages: %s', async (language) => {
      await signIn();
      await open(`/account?lang=${language}`);
      await pass(warning);
      await findDialog().waitFor();
      const { title, stay, signOut } = texts[language].sessionTimeout;
      expect(await page.getByRole('alertdialog', { name: title }).isVisible()).toBe(true);
      expect([await findButton().innerText(), await findDialog().getByRole('link').innerText()]).toEqual([
        stay,
        signOut,
      ]);
      expect(await findDialog().getByRole('link').getAttribute('href')).toBe(
        `${service.publicUrl}/logout?lang=${language}`,
      );
      expect(await findAccessibilityViolations(page)).toEqual([]);
      const size = page.viewportSize();
      await page.setViewportSize(narrow);
      expect(await findDialog().evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(false);
      for (const { looks } of (await measure(page, 'stops')).slice(-2)) {
        await page.keyboard.press('Tab');
        expect((await measure(page, 'focus')).looks).not.toBe(looks);
      }
      if (size) await page.setViewportSize(size);
    });

    test('warns of the end of a session that can not be extended, and can be closed', async () => {
      await signIn();
      // Less than a fifth of the idle time could be gained.
      await service.updateSessions('SET idle_expires_at = absolute_expires_at - :rest', {
        ':rest': { N: String(5 * minute) },
      });
      let ahead = (8 * 60 - 5 - 6) * minute;
      await page.route('**/userinfo?*', async (route) => {
        const response = await route.fetch();
        const date = new Date(Date.now() + ahead).toUTCString();
        await route.fulfill({ response, headers: { ...response.headers(), date } });
      });
      await open('/account');
      await findDialog().waitFor();
      expect(await findDialog().innerText()).toMatch(
        / in 5 minutes\.\s+You cannot stay signed in for longer/,
      );
      expect(await findAccessibilityViolations(page)).toEqual([]);
      const before = await readIdleExpiry();
      expect(await findButton().innerText()).toBe('Close this message');
      await findButton().click();
      await findDialog().waitFor({ state: 'hidden' });
      await Promise.all([page.waitForResponse(/userinfo/), showAgain()]);
      await context.clock.runFor(20 * second);
      expect([await findDialog().isVisible(), await readIdleExpiry()]).toEqual([false, before]);
      ahead += 5 * minute;
      await context.clock.fastForward(5 * minute);
      await runUntil('/auth/signed-out');
      await expectSignedOut();
    });

    describe('in two tabs', () => {
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
        await context.clock.runFor(10 * second);
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
        await page.evaluate(`{
          const channel = new BroadcastChannel('${service.publicUrl}/assets/session-timeout.js');
          channel.postMessage({ endsAt: Date.now() - ${minute}, isFixed: false });
        }`);
        await context.clock.runFor(2 * second);
        expect((await read).status()).toBe(200);
        await context.clock.runFor(2 * second);
        expect(page.url()).toBe(`${service.url}/account`);
      });

      test('stays closed while a sign-in in another replaces the session', async () => {
        await signIn();
        await open('/account');
        await page.route('**/userinfo*', (route) => route.fulfill({ status: 401 }), { times: 1 });
        await pass(warning - 30 * second);
        await showAgain();
        await until('the complaint', () => complaints.length > 0);
        const again = page.waitForResponse(/userinfo/);
        await context.clock.runFor(3 * second);
        expect((await again).status()).toBe(200);
        await pass(30 * second);
        await findDialog().waitFor();
        expectOnly('401');
      });
    });

    describe('on a laptop that wakes up', () => {
      test('signs the user out of One Login if the session ended meanwhile', async () => {
        await signIn();
        await open('/account');
        await pass(180 * minute);
        await runUntil('/auth/signed-out');
        await expectSignedOut();
        expectOnly('401');
      });

      test('shows the time that is left', async () => {
        await signIn();
        await open('/account');
        await pass(57 * minute);
        await findDialog().waitFor();
        expect(await readTime()).toMatch(/ in 2 minutes\.$/);
      });

      test('opens although the timers of the browser stood still', async () => {
        await signIn();
        await open('/account');
        await age(warning);
        await context.clock.setSystemTime(await page.evaluate<number>(`Date.now() + ${warning}`));
        await findDialog().waitFor();
      });
    });

    test.each([
      ['3 hours ahead', 180],
      ['3 hours behind', -180],
    ])('goes by the server when the clock of the browser is %s', async (_, minutes) => {
      await signIn();
      await context.clock.setSystemTime(Date.now() + minutes * minute);
      await open('/account');
      await pass(warning - 30 * second);
      expect(await findDialog().isVisible()).toBe(false);
      await pass(30 * second);
      await findDialog().waitFor();
      expect(await readTime()).toMatch(/ in 5 minutes\.$/);
    });

    test('uses the server’s time when the clock of the browser is set back', async () => {
      await signIn();
      await open('/account');
      await context.clock.setSystemTime(await page.evaluate<number>(`Date.now() - ${180 * minute}`));
      await age(warning);
      await context.clock.runFor(2 * second);
      await findDialog().waitFor();
    });

    describe('when the server can not be reached', () => {
      test.each([
        ['there is no network', (route: Route) => route.abort(), ['net::ERR_FAILED']],
        [
          'the table can not be written',
          async (route: Route) => {
            // The response is then that of a request that counts as no activity.
            await route.fulfill({
              response: await route.fetch({ url: `${service.publicUrl}/userinfo?peek=1` }),
            });
          },
          [],
        ],
      ])(
        'explains that the user could not stay because %s, and tries again until it works',
        async (_, fail, expected) => {
          await signIn();
          await open('/account');
          await pass(warning);
          await findDialog().waitFor();
          await page.route('**/userinfo*', fail);
          await findButton().click();
          await findDialog().getByText('We could not keep you signed in.').waitFor();
          await page.unrouteAll();
          await context.clock.runFor(16 * second);
          await findDialog().waitFor({ state: 'hidden' });
          expectOnly(...expected);
        },
      );

      test('opens as soon as it can be reached again', async () => {
        await signIn();
        await open('/account');
        await page.route('**/userinfo*', (route) => route.fulfill({ status: 503 }));
        await pass(warning);
        await until('the complaint', () => complaints.length > 0);
        expect(await findDialog().isVisible()).toBe(false);
        await page.unrouteAll();
        await context.clock.runFor(16 * second);
        await findDialog().waitFor();
        expectOnly('503');
      });
    });

    test("works under a policy that allows the service's own scripts, styles and requests only", async () => {
      await signIn();
      const policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
      await openPage('', { 'content-security-policy': policy });
      await pass(warning);
      await findDialog().waitFor();
      const look = await page.evaluate(
        "getComputedStyle(document.querySelector('dialog button')).backgroundColor",
      );
      expect(look).toBe('rgb(15, 122, 82)');
    });

    test('starts in a page that the browser renders ahead only when the user opens it', async () => {
      await signIn();
      const script = "<script>Object.defineProperty(document, 'prerendering', { value: true })</script>";
      await routePage(script);
      await page.goto(`${service.url}/page`);
      await page.evaluate("window.fetch = async () => console.error('the page reads its session')");
      await context.clock.runFor(minute);
      expect(complaints).toEqual([]);
      await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
      await until('the request', () => complaints.length > 0);
      expectOnly('the page reads its session');
    });

    test('does nothing for a user who is not signed in', async () => {
      await openPage('');
      await pass(120 * minute);
      await context.clock.runFor(minute);
      expect(page.url()).toBe(`${service.url}/page`);
      expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    });

    test('leaves a page in a frame to the page around it', async () => {
      await signIn();
      await page.route('**/framed', (route) => route.fulfill({ contentType: 'text/html', body: scriptLine }));
      await openPage('<iframe src="/framed"></iframe>');
      await pass(warning);
      await findDialog().waitFor();
      expect(await page.frameLocator('iframe').getByRole('alertdialog').count()).toBe(0);
    });

    test('does nothing more in a page that is on its way to the sign-out', async () => {
      await signIn();
      await open('/account');
      await page.evaluate(`navigation.addEventListener('navigate', () => {
        window.fetch = async () => console.error('the page reads its session');
        document.dispatchEvent(new Event('visibilitychange'));
      })`);
      await pass(signOut);
      await runUntil('/auth/signed-out');
      expect(complaints).toEqual([]);
    });
  },
  {},
);

describeInChromium('a page without scripts', () => {
  test('stays as it is while the session ends', async () => {
    await signIn();
    await page.goto(`${service.url}/account`);
    await age(60 * minute);
    expect([await readHeading(), await findDialog().count()]).toEqual(['Your account', 0]);
    expect((await context.request.get(`${service.publicUrl}/userinfo`)).status()).toBe(401);
  });
});
