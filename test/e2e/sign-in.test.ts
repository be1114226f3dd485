import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { choose, follow, tick } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { measure } from './checks/measure.ts';
import { complaints, context, describeInChromium, openTab, page, service } from './in-chromium.ts';
import {
  buildLoginUrl,
  expectSignedIn,
  expectSignedInOrOneButton,
  followLink,
  pressButton,
  readHeading,
  signIn,
} from './users.ts';

describeInChromium('in a browser', () => {
  describe('a user', () => {
    const wanted = ['/?tab=1', '/account?tab=2', '/?tab=3'] as const;

    test('signs in, sees who they are, and signs out by the link', async () => {
      await page.goto(service.url);
      expect(await readHeading()).toBe('Example service');
      await pressButton('Start now');
      expect(page.url()).toContain(service.standIn.url);
      await choose({ page }, 'maria');
      await expectSignedIn('/');
      expect(await page.locator('main').innerText()).toContain('maria@example.com');
      const cookies = (await context.cookies(service.url)).map(({ name }) => name);
      expect(cookies.filter((name) => name.startsWith('__Host-')).sort()).toEqual([
        expect.stringMatching(/^__Host-one-login-browser-[\w-]{8}$/),
        '__Host-one-login-session',
      ]);
      await followLink('Sign out');
      expect(page.url()).toContain(`${service.publicUrl}/signed-out`);
      expect(await readHeading()).toBe('You are signed out');
      await followLink('Return to Example service');
      expect(await readHeading()).toBe('Example service');
    });

    test('is signed in after sending the form at One Login twice', async () => {
      await page.goto(buildLoginUrl('/account'));
      await page.locator('button[value="maria"]').dblclick();
      await page.waitForURL(`${service.url}/**`);
      await expectSignedInOrOneButton('/account');
    });

    test('starts in three tabs and is signed in, or sees a page with one button, after finishing them oldest first', async () => {
      const tabs = [page, await openTab(), await openTab()];
      for (const [index, tab] of tabs.entries()) await tab.goto(buildLoginUrl(wanted[index] ?? ''));
      for (const tab of tabs) {
        await choose({ page: tab }, 'maria');
        // One Login accepts only the newest start (design decision 6).
        await expectSignedInOrOneButton(wanted[2], tab);
      }
    });

    test('starts in three tabs at the same time without a cookie and reaches the page that each wanted', async () => {
      service.standIn.change({ signInAutomaticallyAs: 'maria' });
      const held = Promise.withResolvers<void>();
      const since = service.watch();
      const end = service.dynamodb.injectFault({ action: 'PutItem', hold: held.promise });
      const tabs = [page, await openTab(), await openTab()];
      const visits = tabs.map((tab, index) => tab.goto(buildLoginUrl(wanted[index] ?? '')));
      await until(
        'three starts',
        () => since().aws.filter(({ action }) => action === 'PutItem').length === 3,
      );
      end();
      held.resolve();
      await Promise.all(visits);
      for (const [index, tab] of tabs.entries()) await expectSignedInOrOneButton(wanted[index] ?? '', tab);
    });

    // id: back-button
    test('is signed in after going Back and signing in there once more', async () => {
      await page.goto(service.url);
      await signIn({ returnTo: '/account' });
      await page.goBack();
      expect(page.url()).toContain(service.standIn.url);
      await choose({ page }, 'maria');
      await expectSignedIn('/account');
      await page.goBack();
      await page.goBack();
      expect(page.url()).toBe(`${service.url}/`);
    });

    test('is signed in after reloading or bookmarking the callback, and sees one button there after signing out', async () => {
      const answered = page.waitForRequest((request) => request.url().includes('/auth/callback?'));
      await signIn({ returnTo: '/account' });
      const callback = (await answered).url();
      await page.reload();
      await expectSignedIn('/account');
      await page.goto(callback);
      await expectSignedIn('/account');
      await page.goto(`${service.publicUrl}/logout`);
      await pressButton('Sign out');
      // The notification of this sign-out would end a session that begins before it arrives.
      await service.standIn.backchannelLogoutsSettled();
      await page.goto(callback);
      expect(await readHeading()).toBe('You need to sign in again');
      await page.reload();
      await expectSignedInOrOneButton('/account');
    });

    test('stays signed in when their identity is not proved, and can try again', async () => {
      await signIn();
      await followLink('Your application');
      expect(await readHeading()).toBe('You need to prove your identity');
      await pressButton('Prove your identity');
      await tick({ page }, 'NOT_PROVED_WITH_RETURN_CODES');
      await choose({ page }, 'maria');
      expect(await readHeading()).toBe('You could not prove your identity');
      await pressButton();
      expect(await readHeading()).toBe('You are signed in');
      await followLink('Your application');
      await pressButton('Prove your identity');
      await choose({ page }, 'maria');
      expect(page.url()).toBe(`${service.url}/application`);
      expect(await page.locator('main').innerText()).toContain('Your name is Maria Grace Okafor.');
    });
  });

  describe('a journey without scripts', () => {
    test('stays in Welsh from the first page, where the user chose it, to the end of the session', async () => {
      async function expectWelshAt(path: string): Promise<void> {
        const { language } = await measure(page, 'outline');
        expect({ url: page.url().split('?')[0], language }).toEqual({
          url: service.url + path,
          language: 'cy',
        });
      }
      async function continueTo(path: string): Promise<void> {
        await follow(page.locator(`a[href*="${path}"]`).first());
      }
      async function signInInWelsh(): Promise<void> {
        const requested = page.locator('dt', { hasText: 'ui_locales' }).locator('+ dd');
        expect([page.url(), await requested.innerText()]).toEqual([
          expect.stringContaining(`${service.standIn.url}/sign-in`),
          'cy',
        ]);
        await choose({ page }, 'maria');
      }

      await page.goto(service.url);
      await follow(page.locator('a[hreflang="cy"]'));
      await expectWelshAt('/');
      await continueTo('/auth/login');
      await signInInWelsh();
      await expectWelshAt('/');
      for (const path of ['/account', '/application']) {
        await continueTo(path);
        await expectWelshAt(path);
      }
      await continueTo('/auth/prove-identity');
      await signInInWelsh();
      await expectWelshAt('/application');
      await continueTo('/session');
      await expectWelshAt('/session');
      await continueTo('/auth/logout');
      await expectWelshAt('/auth/signed-out');
    });
  });

  describe('a cookie that a sibling host plants behind white space', () => {
    let site: LoopbackServer;
    let setCookie: string;

    // Hosts below localhost are on this machine, and two of them may share the parent site.localhost. Cookies ignore ports.
    beforeAll(async () => {
      site = await listenInternally((_request, response) => {
        response.writeHead(200, { 'set-cookie': setCookie });
        response.end();
      });
    });
    afterAll(() => site?.close());

    async function visit(host: string, cookie: string): Promise<void> {
      setCookie = cookie;
      await page.goto(`http://${host}.site.localhost:${site.port}/`);
    }

    /** @returns the email address of the user who is signed in, or the status of the response */
    async function readUser(): Promise<unknown> {
      const url = new URL(`${service.publicUrl}/userinfo`);
      url.hostname = 'service.site.localhost';
      const response = await page.goto(url.href);
      return response?.status() === 200 ? (await response.json()).email : response?.status();
    }

    /** @returns the session cookie of a user who has signed in elsewhere */
    async function signInElsewhere(person: string): Promise<string> {
      const browser = new WebBrowser();
      await service.signIn(browser, '/auth/login', { person });
      return `${sessionCookieName}=${browser.cookies.get(sessionCookieName)}`;
    }

    // One character for each byte, as Node writes and reads headers. Browsers do not count these as white space.
    // id: planted-cookies-in-browser
    test.each([
      ['U+00A0 in UTF-8', '\u00c2\u00a0'],
      ['U+00A0 in latin1', '\u00a0'],
      ['U+2000 in UTF-8', '\u00e2\u0080\u0080'],
    ])('does not sign the user in, and does not lock them out (%s)', async (_, space) => {
      const planted = `${space}${await signInElsewhere('tomos')}; Path=/; Domain=site.localhost`;
      const right = `${await signInElsewhere('maria')}; Path=/; Secure; HttpOnly; SameSite=Lax`;

      await visit('sibling', planted);
      // The browser has stored it for the parent of both hosts.
      const sent = await context.cookies('http://service.site.localhost');
      expect(sent.map(({ domain }) => domain)).toEqual(['.site.localhost']);
      expect(await readUser()).toBe(401);

      await visit('service', right);
      expect(await readUser()).toBe('maria@example.com');
      await visit('sibling', planted);
      expect(await readUser()).toBe('maria@example.com');
      // About the icon that the browser requests beside a response without HTML.
      complaints.splice(0);
    });
  });
});
