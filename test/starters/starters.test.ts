/**
 * Every starter in `examples/`, with the packages of its framework. `npm run test:starters`
 *
 * A starter whose language or packages are missing is skipped.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionIdentity } from '../../lambdas/core/session/session.ts';
import { startUserinfo, type UserinfoServer } from '../examples/userinfo-server.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { decodeHtml } from '../support/html.ts';
import { chooseAtStandIn, type Service, startService } from '../support/service.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';
import {
  findFreePort,
  locateStarter,
  prepareStarter,
  type RunningStarter,
  starters,
  startStarter,
} from './starters.ts';

const problem = 'Sorry, there is a problem with the service';
const person = { accept: 'text/html,application/xhtml+xml' };
const program = { accept: 'application/json' };
const ownForm = { 'sec-fetch-site': 'same-origin' };
const note = 'Two lines,\n<b title="x">each & every</b> ’ é';

const provedAt = (vot: 'P1' | 'P2'): SessionIdentity => ({
  outcome: 'proved',
  vot,
  names: [
    { given_names: ['Old'], family_names: ['Name'], full_name: 'Old Name', valid_until: '2020-01-01' },
    { given_names: ['Zoë'], family_names: ['<Llŷr>'], full_name: 'Zoë <Llŷr>' },
  ],
  birthDates: ['1970-01-01'],
  claims: {},
});
const notProved: SessionIdentity = { outcome: 'not_proved', reason: 'absent', requestedAt: 0, claims: {} };

/** What the form's field contains. A line feed after the tag is not part of it. */
function readNote(body: string): string {
  const [, text = ''] = /<textarea[^>]*>(.*?)<\/textarea>/s.exec(body) ?? [];
  return decodeHtml(text.replaceAll('\r\n', '\n').replace(/^\n/, ''));
}

/** Browsers send line breaks of forms as CR LF. */
const asSent = (text: string) => text.replaceAll('\n', '\r\n');

function expectPage(body: string, heading: string): void {
  expect(readHeading({ body })).toBe(heading);
  expect(body).toMatch(/^<!DOCTYPE html>\s*<html lang="en">/i);
  expect(decodeHtml(/<title>(.*?)<\/title>/s.exec(body)?.[1] ?? '')).toMatch(`${heading} – Example service`);
  expect(body).toMatch(/<main>.*<\/main>/s);
}

const prepared = await Promise.all(
  starters.map(async (starter) => ({ starter, name: starter.name, ...(await prepareStarter(starter)) })),
);

describe.each(starters)('the starter for $name', (starter) => {
  it('has fewer than 150 lines of code', () => {
    const files = globSync('**/*.{py,go,java,js}', { cwd: locateStarter(starter) });
    const lines = files.flatMap((file) =>
      readFileSync(join(locateStarter(starter), file), 'utf8').split('\n'),
    );
    const code = lines.filter((line) => !/^\s*(\/\/.*|\/?\*.*|#.*|""".*""")?$/.test(line));

    expect(code.length).toBeGreaterThan(50);
    expect(code.length).toBeLessThan(150);
  });
});

for (const { starter, name, ...result } of prepared) {
  if ('missing' in result) {
    describe.skip(`the starter for ${name}: ${result.missing}`, () => {
      it('is tested', () => undefined);
    });
    continue;
  }

  describe(`the starter for ${name}`, () => {
    let userinfo: UserinfoServer;
    let service: RunningStarter;
    beforeAll(async () => {
      userinfo = await startUserinfo();
      const port = await findFreePort();
      service = await startStarter(starter, result.directory, { port, publicUrl: userinfo.publicUrl });
    });
    afterAll(async () => {
      await service?.close();
      await userinfo?.close();
    });
    beforeEach(() => {
      userinfo.requests.length = 0;
    });
    afterEach(() => {
      delete userinfo.outage.answer;
    });

    async function send(
      path: string,
      headers: Readonly<Record<string, string>> = {},
      { method, form }: { readonly method?: string; readonly form?: Record<string, string> } = {},
    ) {
      const response = await fetch(`${service.url}${path}`, {
        method: method ?? (form ? 'POST' : 'GET'),
        headers: { ...person, ...headers },
        ...(form ? { body: new URLSearchParams(form) } : {}),
        redirect: 'manual',
      });
      const cookies = response.headers.getSetCookie();
      return { status: response.status, headers: response.headers, cookies, body: await response.text() };
    }

    /** The cookie with the draft that a response sets. */
    const readDraft = ({ cookies }: { readonly cookies: readonly string[] }) =>
      cookies.find((cookie) => cookie.startsWith('__Host-draft='))?.split(';')[0] ?? '';

    it('sends the session cookie to userinfo, and no other cookie', async () => {
      const cookie = await userinfo.signIn();
      await send('/account', { cookie: `theme=dark; ${cookie}; application-session=secret` });

      expect(userinfo.requests.map(({ url, headers }) => [url, headers.cookie])).toEqual([
        ['/auth/userinfo', cookie],
      ]);
    });

    it('requests userinfo for every page, so that no user is signed in after they have signed out', async () => {
      const cookie = await userinfo.signIn();
      expect((await send('/account', { cookie })).status).toBe(200);
      await userinfo.signOut(cookie);

      expect((await send('/account', { cookie })).status).toBe(303);
      expect(userinfo.requests).toHaveLength(2);
    });

    it.each(['sec-purpose', 'x-sec-purpose', 'purpose', 'x-purpose', 'x-moz', 'next-router-prefetch'])(
      'does not keep the session alive when a page is fetched ahead with %s',
      async (header) => {
        await send('/account', { cookie: await userinfo.signIn(), [header]: 'prefetch' });

        expect(userinfo.requests.map(({ url }) => url)).toEqual(['/auth/userinfo?peek=1']);
      },
    );

    it.each<[string, (cookie: string) => string]>([
      ['another cookie alone', () => 'theme=dark'],
      ['two session cookies', (cookie) => `${cookie}; ${cookie}`],
      ['two session cookies without a space', (cookie) => `${cookie};${cookie}`],
      ['a session cookie with other characters', (cookie) => `${cookie}\tx: y`],
      // The development server of Django removes such characters from the ends of the header.
      ['the cookie behind a no-break space', (cookie) => `a=1; \u00a0${cookie}`],
      ['the cookie behind a next-line character', (cookie) => `a=1; \u0085${cookie}`],
      [
        'the cookie behind an encoded space',
        (cookie) => `a=1; ${Buffer.from('\u2000').toString('latin1')}${cookie}`,
      ],
    ])('treats %s as no session, without a request to userinfo', async (_, make) => {
      const cookie = make(await userinfo.signIn());

      expect((await send('/account', { cookie })).status).toBe(303);
      expect(userinfo.requests).toEqual([]);
    });

    it('accepts the session cookie with spaces and tabs around it', async () => {
      const cookie = `a=1;\t ${await userinfo.signIn()} \t; b=2`;

      expect((await send('/account', { cookie })).status).toBe(200);
    });

    it('uses its own session cookie beside one that a sibling host has planted', async () => {
      const cookie = `a=1; \u00a0${await userinfo.signIn({ sub: 'planted' })}; ${await userinfo.signIn()}`;

      expect((await send('/account', { cookie })).status).toBe(200);
    });

    it('passes on the cookies of a response 401 only', async () => {
      const cookie = await userinfo.signIn();
      const deleted = [`${sessionCookieName}=; Path=/; Secure; HttpOnly; Max-Age=0`, 'other=1; Path=/'];
      userinfo.outage.answer = (response) => response.writeHead(401, { 'Set-Cookie': deleted }).end('{}');
      // The order of the attributes does not matter.
      const split = (cookies: readonly string[]) => cookies.map((each) => new Set(each.split('; ')));
      for (const path of ['/', '/account']) {
        expect(split((await send(path, { cookie })).cookies)).toEqual(split(deleted));
      }

      userinfo.outage.answer = (response) => response.writeHead(503, { 'Set-Cookie': deleted }).end('{}');
      expect((await send('/account', { cookie })).cookies).toEqual([]);
    });

    it('leads a person to sign in and back to the same address', async () => {
      const { status, headers } = await send('/account?from=2026-01&to=%C3%A9%26b');
      const location = new URL(headers.get('location') ?? '');

      expect([status, `${location.origin}${location.pathname}`]).toEqual([
        303,
        `${userinfo.publicUrl}/login`,
      ]);
      expect(location.searchParams.get('return_to')).toBe('/account?from=2026-01&to=%C3%A9%26b');
    });

    it('responds 401 with the address to sign in to a program', async () => {
      for (const headers of [program, { accept: '*/*' }]) {
        const { status, headers: received, body } = await send('/account', headers);

        expect(status).toBe(401);
        expect(received.get('content-type')).toMatch(/^application\/json/);
        expect(JSON.parse(body)).toEqual({
          error: 'login_required',
          login_url: `${userinfo.publicUrl}/login`,
        });
      }
    });

    it.each<[string, SessionIdentity | undefined]>([
      ['none was requested', undefined],
      ['one was proved at P1', provedAt('P1')],
    ])('leads a person to prove their identity when %s', async (_, identity) => {
      const cookie = await userinfo.signIn(identity && { identity });
      const url = `${userinfo.publicUrl}/prove-identity`;

      const { status, headers } = await send('/application', { cookie });
      expect([status, headers.get('location')]).toEqual([303, `${url}?return_to=%2Fapplication`]);
      const answer = await send('/application', { cookie, ...program });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toEqual({ error: 'insufficient_identity', step_up_url: url });
    });

    it('lets a person decide whether to try again when their identity was not proved', async () => {
      const { status, body } = await send('/application', {
        cookie: await userinfo.signIn({ identity: notProved }),
      });

      expect(status).toBe(403);
      expectPage(body, 'You have not proved your identity');
    });

    it('shows the current name when an identity is proved at P2', async () => {
      const { status, body } = await send('/application', {
        cookie: await userinfo.signIn({ identity: provedAt('P2') }),
      });

      expect(status).toBe(200);
      expectPage(body, 'Your application');
      expect(decodeHtml(body)).toContain('Zoë <Llŷr>');
      expect(body).not.toContain('<Llŷr>');
      expect(body).not.toContain('Old Name');
    });

    it('only shows users their own details', async () => {
      const { body, headers } = await send('/', {
        cookie: await userinfo.signIn({ claims: { email: '<a&b>@example.com' } }),
      });

      expectPage(body, 'Start page');
      expect(decodeHtml(body)).toContain('<a&b>@example.com');
      expect(body).not.toContain('<a&b>');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    });

    const failures: Readonly<Record<string, NonNullable<UserinfoServer['outage']['answer']>>> = {
      '503': (response) => response.writeHead(503, { 'Retry-After': '9' }).end('{"error":"outage"}'),
      '429': (response) => response.writeHead(429).end('{}'),
      '403 of a firewall': (response) => response.writeHead(403).end('<html>'),
      'a page': (response) => response.writeHead(200).end('<html>'),
      'JSON without a user': (response) => response.writeHead(200).end('{}'),
      'JSON that is no object': (response) => response.writeHead(200).end('null'),
      'a redirect': (response) => response.writeHead(302, { Location: '/auth/userinfo' }).end(),
      'half a response': (response) => response.write('HTTP') && response.destroy(),
    };
    it.each(Object.entries(failures))(
      'responds 503 and does not redirect to sign in when userinfo responds with %s',
      async (name, answer) => {
        const cookie = await userinfo.signIn();
        userinfo.outage.answer = answer;
        for (const path of ['/', '/account', '/application', '/form']) {
          const { status, headers, body } = await send(path, { cookie });
          expect([path, status, headers.get('retry-after')]).toEqual([path, 503, '30']);
          expectPage(body, problem);
        }
        const { status, headers, body } = await send('/account', { cookie, ...program });
        expect([status, headers.get('retry-after')]).toEqual([503, '30']);
        expect(JSON.parse(body)).toEqual({ error: 'temporarily_unavailable' });
        // HTTP clients repeat a request automatically when the connection breaks.
        if (name !== 'half a response') expect(userinfo.requests).toHaveLength(5);
      },
    );

    it.each<[string, NonNullable<UserinfoServer['outage']['answer']>]>([
      ['does not respond', () => undefined],
      [
        'responds too slowly',
        (response) => {
          response.writeHead(200);
          const timer = setInterval(() => response.write(' '), 200);
          response.on('close', () => clearInterval(timer));
        },
      ],
    ])('responds 503 after three seconds when userinfo %s', async (_, answer) => {
      userinfo.outage.answer = answer;
      const started = performance.now();
      const { status } = await send('/account', { cookie: await userinfo.signIn() });

      expect(status).toBe(503);
      expect(performance.now() - started).toBeGreaterThan(2_500);
      expect(performance.now() - started).toBeLessThan(8_000);
    });

    const own = () => new URL(userinfo.publicUrl).origin;
    it.each<[number, string, () => Readonly<Record<string, string>>]>([
      [200, 'of its own origin', () => ownForm],
      [403, 'of a sibling host', () => ({ 'sec-fetch-site': 'same-site' })],
      [
        403,
        'of another site, whatever its Origin',
        () => ({ 'sec-fetch-site': 'cross-site', origin: own() }),
      ],
      [403, 'without a known origin', () => ({ 'sec-fetch-site': 'none' })],
      [200, 'with its own Origin alone', () => ({ origin: own() })],
      [403, 'with the Origin of a sibling host', () => ({ origin: 'https://sibling.example' })],
      [
        403,
        'that claims another host by headers of proxies',
        () => ({
          origin: 'https://sibling.example',
          'x-forwarded-host': 'sibling.example',
          'x-forwarded-proto': 'https',
        }),
      ],
      [403, 'without either header', () => ({})],
    ])('responds %i to a form %s', async (status, _, headers) => {
      const cookie = await userinfo.signIn();
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note };
      const answer = await send('/form', { cookie, ...headers() }, { form });

      expect(answer.status).toBe(status);
      expectPage(answer.body, status === 200 ? 'Note received' : 'Sorry, this did not work');
      if (status === 403) {
        expect(userinfo.requests).toEqual([]);
        expect(answer.cookies).toEqual([]);
        const forProgram = await send('/form', { cookie, ...program, ...headers() }, { form });
        expect([forProgram.status, JSON.parse(forProgram.body)]).toEqual([
          403,
          { error: 'cross_site_request' },
        ]);
      }
    });

    it.each(['PUT', 'PATCH', 'DELETE'])('refuses %s from another site', async (method) => {
      const { status } = await send('/form', { 'sec-fetch-site': 'cross-site' }, { method });

      expect([403, 405]).toContain(status);
      expect(userinfo.requests).toEqual([]);
    });

    it('keeps what the user typed when it is unknown who is signed in', async () => {
      const cookie = await userinfo.signIn();
      userinfo.outage.answer = (response) => response.writeHead(503).end();
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note: asSent(note) };
      const answer = await send('/form', { cookie, ...ownForm }, { form });
      expect(answer.status).toBe(503);
      expectPage(answer.body, problem);
      delete userinfo.outage.answer;

      const { body } = await send('/form', { cookie: `${cookie}; ${readDraft(answer)}` });
      expect(readNote(body)).toBe(note);
    });

    it('shows what a user typed to no other user', async () => {
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note };
      const draft = readDraft(await send('/form', ownForm, { form }));
      const [own, other] = [await userinfo.signIn(), await userinfo.signIn({ sub: 'somebody else' })];

      expect(readNote((await send('/form', { cookie: `${own}; ${draft}` })).body)).toBe(note);
      expect(readNote((await send('/form', { cookie: `${other}; ${draft}` })).body)).toBe('');
    });

    it('ignores a kept form that was changed', async () => {
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note };
      const draft = readDraft(await send('/form', ownForm, { form }));
      const own = await userinfo.signIn();
      const at = Math.floor(draft.length / 2);
      const changed = `${draft.slice(0, at)}${draft[at] === 'A' ? 'B' : 'A'}${draft.slice(at + 1)}`;
      for (const cookie of [changed, '__Host-draft=x', '__Host-draft=']) {
        const { status, body } = await send('/form', { cookie: `${own}; ${cookie}` });
        expect([status, readNote(body)]).toEqual([200, '']);
      }
    });

    it('sends no form of one user in the name of another', async () => {
      const cookie = await userinfo.signIn({ sub: 'somebody else' });
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note };

      expect((await send('/form', { cookie, ...ownForm }, { form })).status).toBe(303);
    });

    it('keeps a form of 500 characters, and refuses a longer one', async () => {
      const cookie = await userinfo.signIn();
      const longest = '字\n'.repeat(250);
      const form = { owner: 'urn:fdc:gov.uk:2022:somebody', note: asSent(longest) };
      const answer = await send('/form', ownForm, { form });
      expect(answer.cookies.find((each) => each.startsWith('__Host-draft='))?.length).toBeLessThan(4_096);
      const { body } = await send('/form', { cookie: `${cookie}; ${readDraft(answer)}` });
      expect(readNote(body)).toBe(longest);

      const tooLong = { ...form, note: `${longest}x` };
      const refused = await send('/form', { cookie, ...ownForm }, { form: tooLong });
      expect(refused.status).toBe(400);
      expectPage(refused.body, 'Error: your note');
      expect(readNote(refused.body)).toBe(`${longest}x`);
    });
  });

  describe(`the starter for ${name} behind the local environment`, () => {
    let environment: Service;
    let service: RunningStarter;
    beforeAll(async () => {
      const port = await findFreePort();
      environment = await startService({ service: `http://localhost:${port}` });
      service = await startStarter(starter, result.directory, { port, publicUrl: environment.publicUrl });
    });
    afterAll(async () => {
      await service?.close();
      await environment?.close();
    });

    // A sign-out goes on in the background, and ends the sessions that the user has elsewhere.
    afterEach(() => environment.standIn.backchannelLogoutsSettled());

    const address = ({ url }: { readonly url: URL }) => url.href.replace(environment.url, '');

    it('signs a user in, proves their identity, and signs them out', async () => {
      const browser = new WebBrowser();
      const start = await browser.open(environment.url);
      expectPage(start.body, 'Start page');
      expect(start.body).toContain('You are not signed in');

      const signedIn = await chooseAtStandIn(browser, await browser.follow(start, 'Sign in'));
      const { body } = await environment.userinfo(browser);
      expect((await browser.open(environment.url)).body).toContain(`You are signed in as ${body['email']}`);
      const account = await browser.goFrom(signedIn, '/account');
      expectPage(account.body, 'Your account');
      expect(account.body).toContain(body['email']);

      const proved = await chooseAtStandIn(browser, await browser.goFrom(account, '/application'));
      expect([proved.status, address(proved)]).toEqual([200, '/application']);
      expectPage(proved.body, 'Your application');

      await browser.follow(await browser.open(environment.url), 'Sign out');
      expect((await environment.userinfo(browser)).status).toBe(401);
      expect((await browser.open(environment.url)).body).toContain('You are not signed in');
    });

    it('gives users who fail to prove their identity a page with a way on', async () => {
      const browser = new WebBrowser();
      await environment.signIn(browser);
      const atOneLogin = await browser.open(`${environment.url}/application`);
      const identity = 'NOT_PROVED_WITHOUT_RETURN_CODES';
      const result = await chooseAtStandIn(browser, atOneLogin, { identity });
      const page = await browser.goFrom(result, '/application');

      expect([page.status, address(page)]).toEqual([403, '/application']);
      const again = await chooseAtStandIn(browser, await browser.follow(page, 'Try again'));
      expectPage(again.body, 'Your application');
    });

    it('brings a user to the page that they wanted, with its query', async () => {
      const browser = new WebBrowser();
      const atOneLogin = await browser.open(`${environment.url}/account?a=b%20c&d=%C3%A9`);

      const page = await chooseAtStandIn(browser, atOneLogin);
      expect([page.status, address(page)]).toEqual([200, '/account?a=b%20c&d=%C3%A9']);
    });

    it('keeps what a user typed when their session ends meanwhile', async () => {
      const browser = new WebBrowser();
      await environment.signIn(browser);
      const form = await browser.open(`${environment.url}/form`);
      await environment.updateSessions('SET idle_expires_at = :past', { ':past': { N: '1' } });

      // The user is still signed in at One Login, which leads them back at once.
      const back = await browser.submit(form, { note: asSent(note) });
      expect(back.answers.map(({ url }) => url.origin)).toContain(environment.standIn.url);
      expect([back.status, address(back)]).toEqual([200, '/form']);
      expectPage(back.body, 'Your note');
      expect(readNote(back.body)).toBe(note);

      const sent = await browser.submit(back, { note: asSent(`${note}!`) });
      expectPage(sent.body, 'Note received');
      expect(sent.body).not.toContain('<b title');
      expect(decodeHtml(sent.body)).toContain(note.slice(note.indexOf('<')));
      expect(readNote((await browser.open(`${environment.url}/form`)).body)).toBe('');
    });
  });
}
