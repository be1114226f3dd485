import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { openSecrets } from '../../lambdas/core/flow/attempt-secrets.ts';
import { hash } from '../../lambdas/core/session/session-key.ts';
import { readRoutes } from '../infra/synthesise.ts';
import { browserCookieIn } from '../support/browser-cookie.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { findLink } from '../support/html.ts';
import { collectText, leaksIn, type Secrets } from '../support/leaks.ts';
import { buildJunk, buildScript, listMisbehaviours, type Marks, marks } from '../support/marks.ts';
import { useScriptedService } from '../support/scripted-service.ts';
import { type Page, readHeading, WebBrowser } from '../support/web-browser.ts';

const service = await useScriptedService();

describe('the search for secrets', () => {
  const secret = 'Zoë "O\'Brien" <&>+/?ü漢字';

  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
    ['in a query string', (text) => String(new URLSearchParams({ text }))],
    ['percent-encoded', (text) => encodeURIComponent(text)],
    ['in base64', (text) => Buffer.from(`{"a":"${text}"}`).toString('base64')],
    ['in base64url, one byte later', (text) => Buffer.from(`{"ab":"${text}"}`).toString('base64url')],
    ['in base64url, two bytes later', (text) => Buffer.from(`{"abc":"${text}"}`).toString('base64url')],
    ['in hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
    ['in a page', (text) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)],
    ['in a binary value', (text) => collectText([{ payload: { B: new TextEncoder().encode(text) } }])],
  ])('finds one %s', (_, write) => {
    expect(leaksIn(`before ${write(secret)} after`, { secret })).not.toEqual([]);
  });

  test('finds none where there is none', () => {
    expect(leaksIn(`${secret.slice(0, -1)} ${secret.slice(1)}`, { secret })).toEqual([]);
  });
});

/** The code verifier that is stored with an attempt, opened with its state. */
async function readVerifier(state: string): Promise<string> {
  const rows = Object.values(await service.environment.dynamodb.dump()).flat();
  const row = rows.map((item) => Object(item)).find((item) => item.state_hash?.S === hash(state));
  return openSecrets({ nonce: row?.nonce?.S, codeVerifier: row?.code_verifier?.S }, state).codeVerifier;
}

const asOnePage = { followRedirects: false } as const;
const routes = [
  '/auth/login',
  '/auth/prove-identity',
  '/auth/reauthenticate',
  '/auth/in-person-return',
  '/auth/callback',
  '/auth/message',
  '/auth/userinfo',
  '/auth/logout',
  '/auth/signed-out',
  '/auth/backchannel-logout',
  '/auth/.well-known/jwks.json',
  '/auth/nowhere',
  // The pages of the example service.
  '/',
  '/account',
  '/application',
  '/identity-result',
  '/session',
  // Its protected API.
  '/api/account',
  '/api/identity',
  '/nowhere',
];

/** Fails with what was found where. Pages show no stack trace either. */
function expectNoLeaks(pages: readonly Page[], from: number, secrets: Secrets): void {
  // The functions' lines are their log, their metrics and their events of the audit trail, which is collected from there.
  expect(leaksIn(service.logText(from), secrets)).toEqual([]);
  const { auditTrail } = service.environment;
  expect(leaksIn(auditTrail.map(({ line }) => line).join('\n'), secrets)).toEqual([]);
  for (const page of pages) {
    const found = leaksIn(page.body + JSON.stringify([...page.headers]), secrets);
    expect([page.url.pathname, readHeading(page), found]).toEqual([page.url.pathname, readHeading(page), []]);
    expect(page.body).not.toMatch(/\bat \S+ \(|\.m?[jt]s:\d/);
  }
}

async function expectNoneInTables(secrets: Secrets): Promise<void> {
  expect(leaksIn(collectText(await service.environment.dynamodb.dump()), secrets)).toEqual([]);
}

/** Generates marks; `from` is the log's length at that moment. */
function forMarks(numRuns: number, property: (made: Marks, from: number) => Promise<void>): Promise<void> {
  const withLog = fc.asyncProperty(marks, (made) => property(made, service.environment.logs.length));
  return Promise.resolve(fc.assert(withLog, { numRuns, endOnFailure: true }));
}

describe('secrets pushed through every route and every way to fail', () => {
  test('every route of the deployment is among them', () => {
    const template = Template.fromJSON(service.environment.template);
    const paths = [...readRoutes(template).keys()].map((route) => route.replace(/^[A-Z]+ /, '') || '/');
    // Files of pages, which no function returns.
    const others = paths.filter((path) => !path.startsWith('/auth/assets/'));

    expect(routes).toEqual(expect.arrayContaining(others));
  });

  // id: caller-input-not-leaked
  test('what callers send is in no log and on no page', () =>
    forMarks(3, async (made, from) => {
      const { query, headers } = buildJunk(made);
      const pages: Page[] = [];
      for (const address of routes.map((route) => `${service.environment.url}${route}`)) {
        const options = { ...asOnePage, headers };
        pages.push(await new WebBrowser().open(`${address}?${query}`, options));
        pages.push(await new WebBrowser().open(address, { ...options, method: 'POST', body: query }));
      }
      expectNoLeaks(pages, from, { fromCaller: made.fromCaller, header: made.header });
    }));

  // id: provider-secrets-not-leaked
  test('what One Login sends is in no log, on no page and in no table, nor is what it was sent', () =>
    forMarks(2, async (made, from) => {
      const secrets: Record<string, string> = { ...made };
      const pages: Page[] = [];
      for (const [name, misbehaviour] of Object.entries(listMisbehaviours(made))) {
        service.provider.script = { ...buildScript(made), ...misbehaviour };
        const browser = new WebBrowser();
        const code = `${made.code}${pages.length}`;
        const { callback, state, nonce } = await service.begin(browser, code, '/prove-identity');
        const page = await browser.open(callback, asOnePage);
        expect([name, page.status >= 400, page.headers.getSetCookie()]).toEqual([name, true, []]);
        pages.push(page);
        secrets[`state: ${name}`] = state;
        secrets[`nonce: ${name}`] = nonce;
        secrets[`browser cookie: ${name}`] = browserCookieIn(browser.cookies).value;
      }
      service.provider.tokens.splice(0).forEach((token, index) => {
        secrets[`payload ${index}`] = token.split('.')[1] ?? '';
      });
      expectNoLeaks(pages, from, secrets);
      await expectNoneInTables(secrets);
    }));

  // id: user-secrets-not-leaked
  test('what a user brings back is in no log, on no page and in no table', () =>
    forMarks(5, async (made, from) => {
      const { fromOneLogin, header, code } = made;
      service.provider.script = buildScript(made);
      const browser = new WebBrowser();
      const returnTo = `/?${encodeURIComponent(header)}`;
      const { callback, ...attempt } = await service.begin(browser, code, '/prove-identity', returnTo);
      const { state } = attempt;
      const verifier = await readVerifier(state);
      const ofAttempt = { ...attempt, verifier, 'browser cookie': browserCookieIn(browser.cookies).value };
      await expectNoneInTables(ofAttempt);
      const pages: Page[] = [];
      for (const error of ['access_denied', 'login_required', 'server_error', made.error, fromOneLogin]) {
        const query = new URLSearchParams({ error, error_description: fromOneLogin, state });
        pages.push(await browser.open(`${service.at('/callback')}?${query}`, asOnePage));
      }
      pages.push(await new WebBrowser().open(callback, asOnePage));
      expect((await browser.open(callback, asOnePage)).status).toBe(303);
      const logoutToken = service.provider.logoutToken('another-client', { jti: fromOneLogin });
      const body = new URLSearchParams({ logout_token: logoutToken });
      pages.push(await new WebBrowser().open(service.at('/backchannel-logout'), { method: 'POST', body }));
      expect(pages.every(({ status }) => status >= 400)).toBe(true);
      // return_to is on pages and in the table on purpose.
      expect(leaksIn(service.logText(from), { returnTo, header })).toEqual([]);
      const session = browser.cookies.get(sessionCookieName) ?? '';
      const [idToken = '', coreIdentity = ''] = service.provider.tokens.splice(0);
      const secrets = {
        ...made,
        ...ofAttempt,
        header: fromOneLogin,
        session,
        'token of the session': session.slice(-43),
        logoutToken,
        'payload of the ID token': idToken.split('.')[1] ?? '',
        'payload of the core identity': coreIdentity.split('.')[1] ?? '',
      };
      for (const [name, secret] of Object.entries(secrets)) {
        expect([name, secret.length > 6]).toEqual([name, true]);
      }
      await expectNoneInTables(secrets);
      const { body: userinfo } = await browser.open(service.at('/userinfo'));
      expect(leaksIn(userinfo, { document: made.document })).toContain('document (as JSON)');
      const home = { url: new URL(service.environment.url) };
      await browser.goFrom(home, service.at('/logout'), asOnePage);
      expect((await browser.open(service.at('/userinfo'))).status).toBe(401);
      await expectNoneInTables(secrets);
      expectNoLeaks(pages, from, secrets);
    }));

  // id: left-off-place-not-leaked
  test('where a user leaves off to prove their identity is in no log, and can be read in no table', () =>
    forMarks(3, async (made, from) => {
      service.provider.script = buildScript(made);
      const browser = new WebBrowser();
      await browser.open((await service.begin(browser, made.code)).callback, asOnePage);
      await service.begin(
        browser,
        `${made.code}2`,
        '/prove-identity',
        `/?${encodeURIComponent(made.header)}`,
      );
      const rows = Object.values(await service.environment.dynamodb.dump()).flat();
      const places = rows.filter((item) => Object(item).state_hash?.S?.startsWith('place#'));
      const secrets = { sub: made.subject, header: made.header };
      expect(places).not.toEqual([]);
      expect(leaksIn(collectText(places), secrets)).toEqual([]);
      expectNoLeaks([], from, secrets);
      const continued = await browser.open(`${service.at('/in-person-return')}?step=continue`, asOnePage);
      const { searchParams } = new URL(findLink(continued.body, 'Continue'));
      expect(decodeURIComponent(searchParams.get('return_to') ?? '')).toBe(`/?${made.header}`);
      expectNoLeaks([], from, secrets);
    }));

  test('what AWS returns is in no log and on no page', () =>
    forMarks(3, async (made, from) => {
      service.provider.script = buildScript(made);
      const browser = new WebBrowser();
      const { callback } = await service.begin(browser, made.code);
      await browser.open(callback, asOnePage);
      const home = { url: new URL(service.environment.url) };
      const pages: Page[] = [];
      for (const aws of ['dynamodb', 'kms'] as const) {
        const other = new WebBrowser();
        const next = await service.begin(other, `${made.code}2`);
        const error = { status: 400, type: 'ValidationException', message: made.fromAws };
        const end = service.environment[aws].injectFault({ error });
        pages.push(await other.open(next.callback, asOnePage));
        pages.push(await other.open(service.at('/login'), asOnePage));
        if (aws === 'dynamodb') {
          pages.push(await browser.open(service.at('/userinfo'), asOnePage));
          pages.push(await browser.goFrom(home, service.at('/logout'), asOnePage));
        }
        end();
      }
      expect(pages.map(({ status }) => status)).toEqual(Array(6).fill(503));
      expectNoLeaks(pages, from, { ...made, session: browser.cookies.get(sessionCookieName) ?? '' });
    }));
});
