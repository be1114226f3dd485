import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { follow } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { complaints, describeInChromium, openTab, page, service } from './in-chromium.ts';
import { buildLoginUrl, followLink, pressButton, readHeading, signIn } from './users.ts';

describeInChromium('a user', () => {
  describe('whom another site sends to the sign-out', () => {
    // For browsers 127.0.0.1 is another site than localhost.
    let site: LoopbackServer;
    beforeAll(async () => {
      site = await listenInternally((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(`<a href="${service.publicUrl}/logout">Win a prize</a>`);
      });
    });
    afterAll(() => site?.close());

    // id: sign-out-asks-in-browser
    test('stays signed in until they press the button of a page that asks', async () => {
      await signIn();
      await page.goto(site.url);
      await followLink('Win a prize');
      expect(await readHeading()).toBe('Do you want to sign out?');
      const tab = await openTab();
      await tab.goto(service.url);
      expect(await readHeading(tab)).toBe('You are signed in');
      await pressButton('Sign out');
      expect(await readHeading()).toBe('You are signed out');
      await page.goto(service.url);
      expect(await readHeading()).toBe('Example service');
    });
  });

  // id: sign-out-twice
  test.each([
    ['link', '/'],
    ['button', '/auth/logout'],
  ] as const)('who clicks twice on the %s is signed out at One Login as well', async (role, path) => {
    await signIn();
    await page.goto(service.url + path);
    await page.getByRole(role, { name: 'Sign out' }).dblclick();
    // Ours or One Login's page, depending on which of the two requests the browser waited for.
    await page.getByRole('heading', { name: /signed out$/ }).waitFor();
    await page.goto(buildLoginUrl('/'));
    expect(await readHeading()).toBe('Sign in');
  });

  describe("on a page with the policy form-action 'self'", () => {
    /** Opens a page of the service's with a link and a form, under that policy. */
    async function openPageWithPolicy(formAction: string): Promise<void> {
      await signIn();
      await page.route('**/with-policy', (route) =>
        route.fulfill({
          contentType: 'text/html',
          headers: { 'content-security-policy': `form-action ${formAction}` },
          body: '<a href="/auth/logout">Sign out</a><form method="post" action="/auth/logout"><button>Sign out</button></form>',
        }),
      );
      await page.goto(`${service.url}/with-policy`);
    }

    test('signs out by a link', async () => {
      await openPageWithPolicy("'self'");
      await followLink('Sign out');
      expect(await readHeading()).toBe('You are signed out');
    });

    test("signs out by a form if the policy also allows One Login's origins", async () => {
      await openPageWithPolicy(`'self' ${service.standIn.url}`);
      await follow(page.getByRole('button'));
      expect(await readHeading()).toBe('You are signed out');
    });

    test('cannot sign out by a form, and the browser complains', async () => {
      await openPageWithPolicy("'self'");
      await page.getByRole('button').click();
      await until('the complaint', () => complaints.length > 0);
      expect(complaints.splice(0).join()).toContain('form-action');
      expect(page.url()).toBe(`${service.url}/with-policy`);
    });
  });
});

/** What a page can do with an address without its user going there. */
const waysWithoutUser: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  "a script's fetch": (url) => page.evaluate(`fetch('${url}', { redirect: 'manual' }).then()`),
  "a script's POST": (url) => page.evaluate(`fetch('${url}', { method: 'POST' }).then()`),
  'an image': (url) => append('img', { src: url }),
  'a frame': (url) => append('iframe', { src: url }),
  'a prefetch by a link element': (url) => append('link', { rel: 'prefetch', href: url }),
  'a prefetch by speculation rules': (url) => speculate('prefetch', url),
  'a prerender by speculation rules': (url) => speculate('prerender', url),
};

describeInChromium(
  'a page',
  () => {
    /** @returns the log lines of responses from a route of ours */
    const findResponses = (since: ReturnType<typeof service.watch>, route: string) =>
      since().log.filter((line) => line['event'] === 'answered' && line['route'] === route);

    test.each(Object.entries(waysWithoutUser))(
      'does not sign the user out by %s, and the click after it does',
      async (_, request) => {
        const url = `${service.publicUrl}/logout`;
        await signIn();
        const since = service.watch();
        await request(url);
        await until('the request', () => findResponses(since, 'logout').length > 0);
        expect(findResponses(since, 'logout')).toEqual([expect.objectContaining({ status: 403 })]);
        await page.goto(service.url);
        expect(await readHeading()).toBe('You are signed in');
        await request(url);
        await followLink('Sign out');
        expect(await readHeading()).toBe('You are signed out');
        complaints.splice(0);
      },
    );

    test.each(Object.entries(waysWithoutUser).filter(([name]) => !name.endsWith('POST')))(
      'starts no sign-in by %s, and the click after it does',
      async (_, request) => {
        await page.goto(service.url);
        const since = service.watch();
        const attempts = await service.attemptRows();
        await request(buildLoginUrl('/'));
        await until('the request', () => findResponses(since, 'login').length > 0);
        expect(findResponses(since, 'login')).toEqual([expect.objectContaining({ status: 403 })]);
        expect(await service.attemptRows()).toHaveLength(attempts.length);
        expect(since().aws).toEqual([]);
        await append('a', { href: buildLoginUrl('/'), id: 'go', textContent: 'Go' });
        await follow(page.locator('#go'));
        expect(await readHeading()).toBe('Sign in');
        complaints.splice(0);
      },
    );
  },
  { bypassCSP: true },
);

/** Puts an element into the page. */
function append(name: string, attributes: Readonly<Record<string, string>>): Promise<unknown> {
  const made = `Object.assign(document.createElement('${name}'), ${JSON.stringify(attributes)})`;
  return page.evaluate(`document.body.append(${made})`);
}

function speculate(action: 'prefetch' | 'prerender', url: string): Promise<unknown> {
  const textContent = JSON.stringify({ [action]: [{ urls: [url], eagerness: 'immediate' }] });
  return append('script', { type: 'speculationrules', textContent });
}
