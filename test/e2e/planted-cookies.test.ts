import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { inChromium } from './in-chromium.ts';

/** One character for each byte, as Node writes and reads headers. */
const spaces: readonly (readonly [string, string])[] = [
  ['U+00A0 in UTF-8', '\u00c2\u00a0'],
  ['U+00A0 in latin1', '\u00a0'],
  ['U+2000 in UTF-8', '\u00e2\u0080\u0080'],
];

inChromium(
  'a cookie that a sibling host plants behind white space that browsers do not take for it',
  (chromium) => {
    let site: LoopbackServer;
    let setCookie: string;

    // Hosts below localhost are on this machine, and site.localhost is the parent that two of them may share. Ports don't
    // matter to cookies.
    beforeAll(async () => {
      site = await listenInternally((_request, response) => {
        response.writeHead(200, { 'set-cookie': setCookie });
        response.end();
      });
    });
    afterAll(() => site.close());

    async function visit(page: Page, host: string, cookie: string): Promise<void> {
      setCookie = cookie;
      await page.goto(`http://${host}.site.localhost:${site.port}/`);
    }
    async function whoIsSignedIn(page: Page): Promise<unknown> {
      const url = new URL(`${chromium.service.publicUrl}/userinfo`);
      url.hostname = 'service.site.localhost';
      const answer = await page.goto(url.href);
      return answer?.status() === 200 ? (await answer.json()).email : answer?.status();
    }

    /** The cookie of somebody who has signed in elsewhere. */
    async function sessionOf(person: string): Promise<string> {
      const browser = new WebBrowser();
      await chromium.service.signIn(browser, '/auth/login', { person });
      return `${sessionCookieName}=${browser.cookies.get(sessionCookieName)}`;
    }

    test.each(spaces)('signs nobody in, and locks nobody out (%s)', async (_, space) => {
      const page = await chromium.newPage();
      const planted = `${space}${await sessionOf('tomos')}; Path=/; Domain=site.localhost`;
      const own = `${await sessionOf('maria')}; Path=/; Secure; HttpOnly; SameSite=Lax`;

      await visit(page, 'sibling', planted);
      // The browser has taken it, for the parent of both hosts.
      const sent = await chromium.context.cookies('http://service.site.localhost');
      expect(sent.map(({ domain }) => domain)).toEqual(['.site.localhost']);
      expect(await whoIsSignedIn(page)).toBe(401);

      await visit(page, 'service', own);
      expect(await whoIsSignedIn(page)).toBe('maria@example.com');
      await visit(page, 'sibling', planted);
      expect(await whoIsSignedIn(page)).toBe('maria@example.com');
      // Of the icon that the browser looks for beside an answer that is no page.
      chromium.complaints.splice(0);
    });
  },
);
