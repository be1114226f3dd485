import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import {
  browserIsRequired,
  browserIsThere,
  complaintsOf,
  launchBrowser,
  missingBrowser,
} from '../support/chromium.ts';
import { type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

jest.setTimeout(30_000);

const inBrowser = browserIsThere ? describe : describe.skip;
if (!browserIsThere && !browserIsRequired) process.stderr.write(`Tests are skipped: ${missingBrowser}\n`);

test('a browser is there, or is not required', () => {
  if (browserIsRequired && !browserIsThere) throw new Error(missingBrowser);
});

let service: Service;
let elsewhere: LoopbackServer;
let browser: Browser;
let context: BrowserContext;
let complaints: readonly string[];

beforeAll(async () => {
  if (!browserIsThere) return;
  [service, elsewhere, browser] = await Promise.all([
    startService(),
    listenInternally((request, response) => otherSite(request, response)),
    launchBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await service?.close();
  await elsewhere?.close();
});

/** A page of another site: for browsers 127.0.0.1 is one, seen from localhost. */
const otherSite: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<a href="${service.publicUrl}/logout">Win a prize</a>`);
};

inBrowser('in Chromium, without JavaScript', () => {
  beforeEach(async () => {
    context = await browser.newContext({ javaScriptEnabled: false });
    context.setDefaultTimeout(10_000);
    complaints = complaintsOf(context);
  });

  afterEach(async () => {
    await context.close();
    await service.standIn.backchannelLogoutsSettled();
    service.standIn.reset();
    expect(complaints).toEqual([]);
  });

  const heading = (page: Page) => page.locator('h1').innerText();
  /** Presses one of the buttons at One Login's stand-in: a person, or an error. */
  const choose = (page: Page, value: string) => page.locator(`button[value="${value}"]`).click();
  const loginUrl = (returnTo: string) =>
    `${service.publicUrl}/login?return_to=${encodeURIComponent(returnTo)}`;

  async function signIn(page: Page, returnTo = '/'): Promise<void> {
    await page.goto(loginUrl(returnTo));
    await choose(page, 'maria');
    await expectSignedIn(page, returnTo);
  }

  async function expectSignedIn(page: Page, at: string): Promise<void> {
    expect(page.url()).toBe(service.url + at);
    expect(await heading(page)).toMatch(/^(You are signed in|Your account)$/);
  }

  /** Whatever happened, the user is signed in where they wanted, or one button takes them there. */
  async function expectSignedInOrOneButton(page: Page, at: string): Promise<void> {
    if (page.url() !== service.url + at) {
      expect(await heading(page)).toMatch(/^(You need to sign in again|You have not been signed in)$/);
      expect(await page.locator('a, button, input').count()).toBe(1);
      await page.getByRole('button', { name: 'Sign in again' }).click();
      if (page.url().startsWith(service.standIn.url)) await choose(page, 'maria');
    }
    await expectSignedIn(page, at);
  }

  test('a user signs in, sees who they are, and signs out by the link', async () => {
    const page = await context.newPage();
    await page.goto(service.url);
    expect(await heading(page)).toBe('You are not signed in');
    await page.getByRole('link', { name: 'Sign in' }).click();
    expect(page.url()).toContain(service.standIn.url);
    await choose(page, 'maria');
    await expectSignedIn(page, '/');
    expect(await page.locator('main').innerText()).toContain('maria@example.com');
    const cookies = await context.cookies(service.url);
    expect(
      cookies
        .filter(({ name }) => name.startsWith('__Host-'))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['__Host-one-login-browser', '__Host-one-login-session']);
    await page.getByRole('link', { name: 'Sign out' }).click();
    expect(page.url()).toContain(`${service.publicUrl}/signed-out`);
    expect(await heading(page)).toBe('You have signed out');
    await page.getByRole('link', { name: 'Return to Example service' }).click();
    expect(await heading(page)).toBe('You are not signed in');
  });

  test('a user whom another site leads to the sign-out is asked, and can do it', async () => {
    const page = await context.newPage();
    await signIn(page);
    await page.goto(elsewhere.url);
    await page.getByRole('link', { name: 'Win a prize' }).click();
    expect(await heading(page)).toBe('Do you want to sign out?');
    await page.goto(service.url);
    expect(await heading(page)).toBe('You are signed in');
    await page.goto(elsewhere.url);
    await page.getByRole('link', { name: 'Win a prize' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading(page)).toBe('You have signed out');
    await page.goto(service.url);
    expect(await heading(page)).toBe('You are not signed in');
  });

  test('a user proves their identity when a page needs it', async () => {
    const page = await context.newPage();
    await signIn(page);
    await page.getByRole('link', { name: 'Your application' }).click();
    await page.getByRole('link', { name: 'Prove your identity' }).click();
    await choose(page, 'maria');
    expect(page.url()).toBe(`${service.url}/application`);
    expect(await page.locator('main').innerText()).toContain('Your name is Maria Grace Okafor.');
  });

  test('an error at One Login ends on a page with one button, which leads to where the user wanted', async () => {
    const page = await context.newPage();
    await page.goto(loginUrl('/account'));
    await choose(page, 'ACCESS_DENIED_WITHOUT_DESCRIPTION');
    expect(await heading(page)).toBe('You have not been signed in');
    await page.reload();
    expect(await heading(page)).toBe('You have not been signed in');
    await expectSignedInOrOneButton(page, '/account');
  });

  describe('three parallel tabs', () => {
    const wanted = ['/?tab=1', '/account?tab=2', '/?tab=3'] as const;
    const newest = wanted[2];

    /** At One Login's page. One Login takes only the newest one for good (design decision 6). */
    async function openTabs(): Promise<readonly Page[]> {
      const tabs: Page[] = [];
      for (const returnTo of wanted) {
        const tab = await context.newPage();
        await tab.goto(loginUrl(returnTo));
        tabs.push(tab);
      }
      return tabs;
    }

    test('that are finished newest first end signed in', async () => {
      for (const tab of (await openTabs()).toReversed()) {
        await choose(tab, 'maria');
        await expectSignedIn(tab, newest);
      }
    });

    test('that are finished oldest first end signed in, or on a page with one button', async () => {
      for (const tab of await openTabs()) {
        await choose(tab, 'maria');
        await expectSignedInOrOneButton(tab, newest);
      }
    });

    test('that are opened at the same time each end where they wanted', async () => {
      await signIn(await context.newPage());
      await context.clearCookies({ name: '__Host-one-login-session' });
      await Promise.all(
        wanted.map(async (returnTo) => {
          const tab = await context.newPage();
          await tab.goto(loginUrl(returnTo));
          await expectSignedInOrOneButton(tab, returnTo);
        }),
      );
    });

    test('that are the first visit and begin before any has a cookie each end where they wanted', async () => {
      service.standIn.change({ signInAutomaticallyAs: 'maria' });
      const held = Promise.withResolvers<void>();
      const since = service.watch();
      const end = service.dynamodb.disturb({ action: 'PutItem', hold: held.promise });
      const tabs = await Promise.all(wanted.map(() => context.newPage()));
      const visits = tabs.map((tab, index) => tab.goto(loginUrl(wanted[index] ?? '/')));
      await until('all three have begun', () => {
        const stored = since().aws.filter(({ action }) => action === 'PutItem');
        return stored.length === wanted.length;
      });
      end();
      held.resolve();
      await Promise.all(visits);
      for (const [index, tab] of tabs.entries()) await expectSignedInOrOneButton(tab, wanted[index] ?? '/');
    });
  });

  test('Back after signing in, and signing in there once more, ends signed in', async () => {
    const page = await context.newPage();
    await page.goto(service.url);
    await signIn(page, '/account');
    await page.goBack();
    expect(page.url()).toContain(service.standIn.url);
    await choose(page, 'maria');
    await expectSignedIn(page, '/account');
    await page.goBack();
    await page.goBack();
    expect(page.url()).toBe(`${service.url}/`);
  });

  test('a callback that is reloaded or a bookmark ends signed in, after signing out on a page with one button', async () => {
    const page = await context.newPage();
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/auth/callback?')) callbacks.push(request.url());
    });
    await signIn(page, '/account');
    await page.reload();
    await expectSignedIn(page, '/account');
    const [callback = ''] = callbacks;
    await page.goto(callback);
    await expectSignedIn(page, '/account');
    await page.goto(`${service.publicUrl}/logout`);
    await page.goto(callback);
    expect(await heading(page)).toBe('You need to sign in again');
    await page.reload();
    await expectSignedInOrOneButton(page, '/account');
  });

  test('a form at One Login that is sent twice ends signed in', async () => {
    const page = await context.newPage();
    await page.goto(loginUrl('/account'));
    await page.locator('button[value="maria"]').dblclick();
    await page.waitForURL(`${service.url}/**`);
    await expectSignedInOrOneButton(page, '/account');
  });

  test('a bookmark of the login page leads on who is signed in, and signs in who is not', async () => {
    const page = await context.newPage();
    await signIn(page);
    await page.goto(loginUrl('/account'));
    await expectSignedIn(page, '/account');
    await context.clearCookies();
    await signIn(page, '/account');
  });

  test('the browser would tell of a violation of the content security policy', async () => {
    const page = await context.newPage();
    const headers = { 'content-security-policy': "default-src 'none'" };
    await page.route('**/violation', (route) =>
      route.fulfill({ headers, contentType: 'text/html', body: '<style>p { color: red }</style>' }),
    );
    await page.goto(`${service.url}/violation`);
    await until('a complaint', () => complaints.length > 0);
    expect((complaints as string[]).splice(0).join()).toMatch(/Content Security Policy/);
  });
});
