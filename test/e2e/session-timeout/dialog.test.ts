import { describe, expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { texts } from '../../../lib/pages/page-texts.ts';
import { narrow } from '../../support/pages/open-page.ts';
import { follow, languages } from '../../support/pages/visit.ts';
import { until } from '../../support/until.ts';
import { measure } from '../checks/measure.ts';
import { complaints, context, describeInChromium, page, service } from '../in-chromium.ts';
import { readHeading, signIn } from '../users.ts';
import {
  age,
  describeInPassingTime,
  expectOnly,
  expectSignedOut,
  findButton,
  findDialog,
  findViolations,
  minute,
  open,
  openPage,
  pass,
  routePage,
  run,
  runUntil,
  scriptLine,
  second,
  settle,
  showAgain,
  signOut,
  warning,
} from './in-passing-time.ts';

/** What a user sees of the time. */
const readTime = () => findDialog().locator('[aria-hidden]').innerText();
const isFocused = (selector: string) =>
  page.evaluate<boolean>(`document.activeElement.matches('${selector}')`);

async function readIdleExpiry(): Promise<number> {
  const [row] = await service.sessionRows();
  return Number(row?.['idle_expires_at']?.N);
}

describeInPassingTime('the session timeout dialog', () => {
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
      await run(step);
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

  test('does not warn for less than two seconds, because the server’s date has no milliseconds', async () => {
    await signIn();
    await open('/account');
    await pass(signOut - second);
    await page.waitForURL(`${service.url}/auth/signed-out*`);
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
    expect(await findViolations()).toEqual([]);
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
    expect(await findDialog().innerText()).toMatch(/ in 5 minutes\.\s+You cannot stay signed in for longer/);
    expect(await findViolations()).toEqual([]);
    const before = await readIdleExpiry();
    expect(await findButton().innerText()).toBe('Close this message');
    await findButton().click();
    await findDialog().waitFor({ state: 'hidden' });
    await Promise.all([page.waitForResponse(/userinfo/), showAgain()]);
    await settle();
    await run(20 * second);
    expect([await findDialog().isVisible(), await readIdleExpiry()]).toEqual([false, before]);
    ahead += 5 * minute;
    await context.clock.fastForward(5 * minute);
    await runUntil('/auth/signed-out');
    await expectSignedOut();
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
      await run(second);
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
    await run(2 * second);
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
        await run(16 * second);
        await findDialog().waitFor({ state: 'hidden' });
        expectOnly(...expected);
      },
    );

    test('reads the session again after 15 seconds, and opens then', async () => {
      await signIn();
      await open('/account');
      let requests = 0;
      await page.route('**/userinfo*', (route) => {
        requests += 1;
        return route.fulfill({ status: 503 });
      });
      await pass(warning);
      await run(14 * second);
      expect([requests, await findDialog().isVisible()]).toEqual([1, false]);
      await page.unrouteAll();
      await run(2 * second);
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
    await run(minute);
    expect(complaints).toEqual([]);
    await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
    await until('the request', () => complaints.length > 0);
    expectOnly('the page reads its session');
  });

  test('does nothing for a user who is not signed in', async () => {
    await openPage('');
    await pass(120 * minute);
    await run(minute);
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

  test.each([
    ['chose to stay on a page', 30 * second, "document.dispatchEvent(new Event('visibilitychange'))"],
    [
      'came back to a page that the browser has kept',
      0,
      "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    ],
  ])('reads the session again for a user who %s on the way to the sign-out', async (_, time, event) => {
    await signIn();
    await open('/account');
    // The browser then stays on the page.
    await page.route('**/auth/logout*', (route) => route.fulfill({ status: 204 }), { times: 1 });
    const left = page.waitForResponse(/logout/);
    await age(signOut);
    await context.clock.fastForward(signOut);
    await left;
    await page.evaluate('window.unsettled = 0');
    await run(time);
    const read = page.waitForRequest(/userinfo/);
    await page.evaluate(event);
    await read;
    await runUntil('/auth/signed-out');
  });
});

describeInChromium('a page without scripts', () => {
  test('stays as it is while the session ends', async () => {
    await signIn();
    await page.goto(`${service.url}/account`);
    await age(60 * minute);
    expect([await readHeading(), await findDialog().count()]).toEqual(['Your account', 0]);
    expect((await context.request.get(`${service.publicUrl}/userinfo`)).status()).toBe(401);
  });
});
