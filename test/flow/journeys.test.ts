import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import type { Name } from '../../stand-in/index.ts';
import { browserCookieIn } from '../support/browser-cookie.ts';
import { chooseAtStandIn, refusalsIn, type Service, startService } from '../support/service.ts';
import { headingOf, WebBrowser } from '../support/web-browser.ts';

jest.setTimeout(30_000);

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

// A sign-out goes on in the background, and ends the user's other sessions: no other test's, please.
afterEach(async () => {
  await service.standIn.backchannelLogoutsSettled();
  service.standIn.reset();
});

const subOf = (id: string) => service.standIn.people.find((person) => person.id === id)?.sub;

describe('a user of the example service', () => {
  test('signs in at One Login, comes back signed in, and signs out of both', async () => {
    const browser = new WebBrowser();
    const stranger = await browser.open(service.url);
    expect(headingOf(stranger)).toBe('Example service');

    const atOneLogin = await browser.follow(stranger, 'Start now');
    expect(atOneLogin.url.origin).toBe(service.standIn.url);
    const home = await chooseAtStandIn(browser, atOneLogin);
    expect(home.url.href).toBe(`${service.url}/`);
    expect(headingOf(home)).toBe('You are signed in');
    expect(home.body).toContain('maria@example.com');
    expect(await service.userinfo(browser)).toMatchObject({
      status: 200,
      body: { sub: subOf('maria'), vot: 'Cl.Cm', identity: { outcome: 'not_requested' } },
    });

    const signedOut = await browser.follow(home, 'Sign out');
    expect(signedOut.answers.map(({ url }) => url.origin + url.pathname)).toEqual([
      `${service.publicUrl}/logout`,
      `${service.standIn.url}/logout`,
      `${service.publicUrl}/signed-out`,
    ]);
    expect(headingOf(signedOut)).toBe('You are signed out');
    expect((await service.userinfo(browser)).status).toBe(401);
    expect(headingOf(await browser.open(`${service.url}/auth/login`))).toBe('Sign in');
  });

  test('comes back to the page and in the language that they left', async () => {
    const browser = new WebBrowser();
    const page = await service.signIn(browser, '/auth/login?return_to=/claims/12%3Ftab%3D2&lang=cy');
    expect(page.answers[0]?.headers.get('location')).toBe('/claims/12?tab=2');
    const signedOut = await browser.goFrom(page, '/auth/logout');
    expect(signedOut.url.href).toBe(`${service.publicUrl}/signed-out?state=cy`);
  });

  test('is asked first when another site leads them to the sign-out', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const elsewhere = { url: new URL('https://elsewhere.example/') };
    const question = await browser.goFrom(elsewhere, `${service.publicUrl}/logout`);
    expect(headingOf(question)).toBe('Do you want to sign out?');
    expect((await service.userinfo(browser)).status).toBe(200);
    expect(headingOf(await browser.submit(question))).toBe('You are signed out');
    expect((await service.userinfo(browser)).status).toBe(401);
  });
});

describe('proving an identity', () => {
  test('tells name, birth date and documents, in a session that replaces the old one', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const before = browser.copy();
    await service.signIn(browser, '/auth/prove-identity?return_to=/');
    const { body } = await service.userinfo(browser);
    expect(body).toMatchObject({
      sub: subOf('maria'),
      identity: {
        outcome: 'proved',
        vot: 'P2',
        names: [{ given_names: ['Maria', 'Grace'], family_names: ['Okafor'] }],
        birth_dates: ['1985-03-11'],
      },
      'https://vocab.account.gov.uk/v1/passport': [{ documentNumber: '999123456' }],
    });
    expect(body).not.toHaveProperty('https://vocab.account.gov.uk/v1/coreIdentityJWT');
    expect((await service.userinfo(before)).status).toBe(401);
  });

  test('of somebody whose identity can not be proved says so, and why', async () => {
    const browser = new WebBrowser();
    const page = await service.signIn(browser, '/auth/prove-identity', { person: 'not-proved-with-codes' });
    expect(headingOf(page)).toBe('You could not prove your identity');
    expect((await service.userinfo(browser)).body).toMatchObject({
      vot: 'Cl.Cm',
      identity: { outcome: 'not_proved', names: [], return_codes: ['F', 'Z'] },
    });
  });

  test.each(['one-name', 'five-names', 'diacritics', 'tricky-name', 'changed-name', 'two-birth-dates'])(
    'of %s keeps all names and birth dates exactly',
    async (person) => {
      const browser = new WebBrowser();
      await service.signIn(browser, '/auth/prove-identity', { person });
      const { name = [], birthDate } = service.standIn.people.find(({ id }) => id === person)?.identity ?? {};
      const { body } = await service.userinfo(browser);
      const { names, birth_dates: birthDates } = Object(body['identity']);
      const valuesOf = (parts: Name['nameParts'], asked: string) =>
        parts.flatMap(({ type, value }) => (type === asked ? [value] : []));
      expect(names).toHaveLength(name.length);
      for (const { nameParts } of name) {
        expect(names).toContainEqual(
          expect.objectContaining({
            given_names: valuesOf(nameParts, 'GivenName'),
            family_names: valuesOf(nameParts, 'FamilyName'),
            full_name: nameParts.map(({ value }) => value).join(' '),
          }),
        );
      }
      expect(birthDates).toEqual(birthDate?.map(({ value }) => value));
    },
  );

  test('in person goes on after the e-mail, and ends with the result', async () => {
    const browser = new WebBrowser();
    const away = await browser.open(`${service.publicUrl}/prove-identity`);
    const postOffice = await chooseAtStandIn(browser, away, { person: 'in-person' });
    expect(headingOf(postOffice)).toBe('Prove your identity at a Post Office');

    // Days later, in another browser.
    const later = new WebBrowser();
    const email = service.standIn.finishInPersonCheck('in-person', 'PROVED');
    const landed = await later.goFrom({ url: new URL('https://mail.example/') }, email);
    expect(landed.answers.map(({ url }) => url.pathname)).toContain('/auth/in-person-return');
    expect(headingOf(landed)).toBe('Continue to see the result of your identity check');
    const atOneLogin = await later.follow(landed, 'Continue');
    await chooseAtStandIn(later, atOneLogin, { person: 'in-person' });
    expect((await service.userinfo(later)).body).toMatchObject({
      sub: subOf('in-person'),
      identity: { outcome: 'proved' },
    });
  });
});

describe('a re-authentication', () => {
  test('of the same user gives a new session that tells when it was', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const before = browser.copy();
    await service.signIn(browser, '/auth/reauthenticate');
    const { body } = await service.userinfo(browser);
    expect(body).toMatchObject({ sub: subOf('maria'), session: { reauthenticated_at: expect.any(Number) } });
    expect((await service.userinfo(before)).status).toBe(401);
  });

  test('as another user ends the session, and signs nobody in', async () => {
    service.standIn.change({ reauthentication: 'ANY_USER' });
    const browser = new WebBrowser();
    await service.signIn(browser);
    const page = await service.signIn(browser, '/auth/reauthenticate', { person: 'tomos' });
    expect([page.status, headingOf(page)]).toEqual([403, 'You need to sign in again']);
    expect(browser.cookies.get(sessionCookieName)).toBeUndefined();
    expect((await service.userinfo(browser)).status).toBe(401);
  });
});

describe('a back-channel logout', () => {
  test('ends every session of the user, and of nobody else', async () => {
    const [one, two, somebodyElse] = [new WebBrowser(), new WebBrowser(), new WebBrowser()];
    await service.signIn(one);
    await service.signIn(two);
    await service.signIn(somebodyElse, '/auth/login', { person: 'tomos' });
    await one.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();
    expect(service.standIn.backchannelLogouts).toMatchObject([{ sub: subOf('maria'), delivered: true }]);
    expect((await service.userinfo(two)).status).toBe(401);
    expect((await service.userinfo(somebodyElse)).status).toBe(200);
  });

  test('lets the user sign in again at once, by SSO', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    await service.standIn.sendBackchannelLogout({ sub: String(subOf('maria')) });
    expect((await service.userinfo(browser)).status).toBe(401);
    const page = await browser.open(`${service.publicUrl}/login?return_to=/`);
    expect(headingOf(page)).toBe('You are signed in');
  });
});

describe('a callback', () => {
  test('fifty times at once with one state and code makes exactly one session', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login?return_to=/claims/12');
    const rows = (await service.sessionRows()).length;
    const since = service.watch();
    const pages = await Promise.all(
      Array.from({ length: 50 }, () => browser.copy().open(callback, { stopBefore: '/claims/12' })),
    );
    const signedIn = pages.filter(({ status }) => status === 303);
    expect(signedIn).toHaveLength(1);
    expect(signedIn[0]?.next?.pathname).toBe('/claims/12');
    const others = pages.filter(({ status }) => status !== 303);
    expect(new Set(others.map((page) => `${page.status} ${headingOf(page)}`))).toEqual(
      new Set(['400 You need to sign in again']),
    );
    expect(others.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
    expect(await service.sessionRows()).toHaveLength(rows + 1);
    expect(since().oneLogin.map(({ path }) => path)).toEqual(['/token', '/userinfo']);
  });

  test("in a stranger's browser makes no session and burns nothing", async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login?return_to=/');
    const rows = (await service.sessionRows()).length;
    const since = service.watch();
    const stranger = new WebBrowser();
    expect((await stranger.open(callback)).status).toBe(400);
    await service.begin(stranger, '/auth/login');
    const page = await stranger.open(callback);
    expect([page.status, headingOf(page)]).toEqual([400, 'You need to sign in again']);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(refusalsIn(since())).toEqual(['browser_cookie_missing', 'attempt_of_other_browser']);
    expect(since().oneLogin.map(({ path }) => path)).not.toContain('/token');
    expect(await service.sessionRows()).toHaveLength(rows);
    expect(headingOf(await browser.open(callback))).toBe('You are signed in');
  });

  test('with an error leaves the attempt usable and the session as it was', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const callback = await service.begin(browser, '/auth/prove-identity?return_to=/');
    const error = new URL(callback);
    error.search = String(
      new URLSearchParams({ error: 'access_denied', state: callback.searchParams.get('state') ?? '' }),
    );
    const denied = await browser.open(error);
    expect([denied.status, headingOf(denied)]).toEqual([403, 'You have not proved your identity']);
    expect((await service.userinfo(browser)).status).toBe(200);
    await browser.open(callback);
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'proved' } });
  });

  test('asks nobody to sign anything for a request without a browser cookie or with a malformed state', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    const since = service.watch();
    await new WebBrowser().open(callback);
    const malformed = new URL(callback);
    malformed.searchParams.set('state', 'x');
    await browser.open(malformed);
    const twice = browser.copy();
    const { name, value } = browserCookieIn(twice.cookies);
    await twice.open(callback, {
      headers: { cookie: `${name}=${value}; ${name}=${value}` },
    });
    expect(since().aws).toEqual([]);
    expect(since().oneLogin).toEqual([]);
  });
});

describe('HEAD, through the API', () => {
  test('works where GET does, and begins nothing', async () => {
    const before = await service.attemptRows();
    const answers = await Promise.all(
      [
        'login',
        'prove-identity',
        'reauthenticate',
        'callback',
        'logout',
        'signed-out',
        'userinfo',
        '.well-known/jwks.json',
      ].map(async (route) => {
        const { status, headers } = await fetch(`${service.publicUrl}/${route}`, { method: 'HEAD' });
        return [route, status, headers.get('x-amzn-requestid') !== null];
      }),
    );
    expect(answers).toEqual(answers.map(([route]) => [route, route === 'userinfo' ? 401 : 200, true]));
    expect(await service.attemptRows()).toEqual(before);
  });
});
