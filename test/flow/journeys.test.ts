import { describe, expect, test } from '@jest/globals';
import type { Name } from '../../stand-in/index.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { chooseAtStandIn } from '../support/service.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

const findSub = (id: string) => service.standIn.people.find((person) => person.id === id)?.sub;

describe('a user of the example service', () => {
  test('signs in at One Login, comes back signed in, and signs out of both', async () => {
    const browser = new WebBrowser();
    const stranger = await browser.open(service.url);
    expect(readHeading(stranger)).toBe('Example service');

    const atOneLogin = await browser.follow(stranger, 'Start now');
    expect(atOneLogin.url.origin).toBe(service.standIn.url);
    const home = await chooseAtStandIn(browser, atOneLogin);
    expect(home.url.href).toBe(`${service.url}/`);
    expect(readHeading(home)).toBe('You are signed in');
    expect(home.body).toContain('maria@example.com');
    expect(await service.userinfo(browser)).toMatchObject({
      status: 200,
      body: { sub: findSub('maria'), vot: 'Cl.Cm', identity: { outcome: 'not_requested' } },
    });

    const signedOut = await browser.follow(home, 'Sign out');
    expect(signedOut.answers.map(({ url }) => url.origin + url.pathname)).toEqual([
      `${service.publicUrl}/logout`,
      `${service.standIn.url}/logout`,
      `${service.publicUrl}/signed-out`,
    ]);
    expect(readHeading(signedOut)).toBe('You are signed out');
    expect((await service.userinfo(browser)).status).toBe(401);
    expect(readHeading(await browser.open(`${service.url}/auth/login`))).toBe('Sign in');
  });

  test('comes back to the page and in the language that they left', async () => {
    const browser = new WebBrowser();
    const page = await service.signIn(browser, '/auth/login?return_to=/claims/12%3Ftab%3D2&lang=cy');
    expect(page.answers[0]?.headers.get('location')).toBe('/claims/12?tab=2');
    const signedOut = await browser.goFrom(page, '/auth/logout');
    expect(signedOut.url.href).toBe(`${service.publicUrl}/signed-out?state=cy`);
  });
});

describe('proving an identity', () => {
  test('gives name, birth date and documents, in a session that replaces the old one', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const before = browser.copy();
    await service.signIn(browser, '/auth/prove-identity?return_to=/');
    const { body } = await service.userinfo(browser);
    expect(body).toMatchObject({
      sub: findSub('maria'),
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

  test('without success shows a page that explains it, and gives the return codes', async () => {
    const browser = new WebBrowser();
    const page = await service.signIn(browser, '/auth/prove-identity', { person: 'not-proved-with-codes' });
    expect(readHeading(page)).toBe('You could not prove your identity');
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
      const readValues = (parts: Name['nameParts'], asked: string) =>
        parts.flatMap(({ type, value }) => (type === asked ? [value] : []));
      expect(names).toHaveLength(name.length);
      for (const { nameParts } of name) {
        expect(names).toContainEqual(
          expect.objectContaining({
            given_names: readValues(nameParts, 'GivenName'),
            family_names: readValues(nameParts, 'FamilyName'),
            full_name: nameParts.map(({ value }) => value).join(' '),
          }),
        );
      }
      expect(birthDates).toEqual(birthDate?.map(({ value }) => value));
    },
  );

  test('in person goes on after the email, and ends with the result', async () => {
    const browser = new WebBrowser();
    const away = await browser.open(`${service.publicUrl}/prove-identity`);
    const postOffice = await chooseAtStandIn(browser, away, { person: 'in-person' });
    expect(readHeading(postOffice)).toBe('Prove your identity at a Post Office');

    // Days later, in another browser.
    const later = new WebBrowser();
    const email = service.standIn.finishInPersonCheck('in-person', 'PROVED');
    const landed = await later.goFrom({ url: new URL('https://mail.example/') }, email);
    expect(landed.answers.map(({ url }) => url.pathname)).toContain('/auth/in-person-return');
    expect(readHeading(landed)).toBe('Continue to see the result of your identity check');
    const atOneLogin = await later.follow(landed, 'Continue');
    await chooseAtStandIn(later, atOneLogin, { person: 'in-person' });
    expect((await service.userinfo(later)).body).toMatchObject({
      sub: findSub('in-person'),
      identity: { outcome: 'proved' },
    });
  });

  test('in person ends where the user had left off, in another browser', async () => {
    const choice = { person: 'in-person' };
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/login', choice);
    const postOffice = await browser.open(`${service.publicUrl}/prove-identity?return_to=/claims/12`);
    await chooseAtStandIn(browser, postOffice, choice);
    await browser.goFrom({ url: new URL(service.url) }, '/auth/logout');
    await service.standIn.backchannelLogoutsSettled();

    const later = new WebBrowser();
    const email = service.standIn.finishInPersonCheck('in-person', 'PROVED');
    const landed = await later.goFrom({ url: new URL('https://mail.example/') }, email);
    const atOneLogin = await later.follow(landed, 'Continue');
    const page = await chooseAtStandIn(later, atOneLogin, choice);
    expect(page.url.pathname).toBe('/claims/12');
    expect((await service.userinfo(later)).body).toMatchObject({ identity: { outcome: 'proved' } });
  });
});

describe('a re-authentication', () => {
  test('of the same user gives a new session with the time of the re-authentication', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const before = browser.copy();
    await service.signIn(browser, '/auth/reauthenticate');
    const { body } = await service.userinfo(browser);
    expect(body).toMatchObject({
      sub: findSub('maria'),
      session: { reauthenticated_at: expect.any(Number) },
    });
    expect((await service.userinfo(before)).status).toBe(401);
  });
});

describe('a back-channel logout', () => {
  // id: logout-ends-every-session
  test('ends every session of the user, and of no other user', async () => {
    const [one, two, somebodyElse] = [new WebBrowser(), new WebBrowser(), new WebBrowser()];
    await service.signIn(one);
    await service.signIn(two);
    await service.signIn(somebodyElse, '/auth/login', { person: 'tomos' });
    await one.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();
    expect(service.standIn.backchannelLogouts).toMatchObject([{ sub: findSub('maria'), delivered: true }]);
    expect((await service.userinfo(two)).status).toBe(401);
    expect((await service.userinfo(somebodyElse)).status).toBe(200);
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

describe('the redirect after sign-in', () => {
  // id: return-to-default-page
  test.each([
    '//evil.example',
    '/\\evil.example',
    '/%2fevil.example',
    '/\r\nLocation: https://evil.example',
    'https://evil.example',
    '/x/../auth/logout',
  ])('goes to the default page for the return_to %j, before and after sign-in', async (returnTo) => {
    const browser = new WebBrowser();
    const encoded = `/auth/login?return_to=${encodeURIComponent(returnTo)}`;
    const asItIs = `/auth/login?return_to=${returnTo.replace(/[^\x21-\x7e]/g, encodeURIComponent)}`;
    for (const path of [encoded, asItIs, encoded, asItIs]) {
      const signedIn = browser.cookies.get(sessionCookieName) !== undefined;
      const page = signedIn
        ? await browser.open(service.url + path, { followRedirects: false })
        : (await service.signIn(browser, path)).answers[0];
      expect([page?.status, page?.headers.get('location')]).toEqual([303, '/']);
    }
  });
});

describe('a request to One Login', () => {
  // id: user-agent-always-sent
  test('has our User-Agent, also when it is for a document', async () => {
    service.standIn.change({
      idToken: { next: [['UNKNOWN_KID']] },
      coreIdentity: { next: [['UNKNOWN_KID']] },
    });
    const since = service.watch();
    const page = await service.signIn(new WebBrowser(), '/auth/login');
    await service.signIn(new WebBrowser(), '/auth/prove-identity');
    expect(page.status).toBe(502);
    const ours = since().oneLogin.filter(({ userAgent = '' }) => !userAgent.startsWith('Mozilla'));
    expect(new Set(ours.map(({ path }) => path))).toEqual(
      new Set(['/token', '/userinfo', '/.well-known/jwks.json', '/.well-known/did.json']),
    );
    for (const { userAgent } of ours)
      expect(userAgent).toMatch(/^one-login-lambda\/[\d.]+ \(https?:\/\/[^)]+\)$/);
    expect(service.standIn.refusals).toEqual([]);
  });

  // id: query-below-firewall-limit
  test('has a query below the limit of the firewall, with the longest return_to and ID token', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/login', { person: 'long-email' });
    const returnTo = `/${'a'.repeat(2000)}`;
    for (const route of ['prove-identity', 'reauthenticate']) {
      const page = await browser.open(`${service.publicUrl}/${route}?return_to=${returnTo}`, {
        followRedirects: false,
      });
      expect([route, page.next?.pathname]).toEqual([route, '/authorize']);
      expect(page.next?.search.length).toBeLessThan(4096);
    }
    const from = { url: new URL(service.url) };
    const logout = await browser.goFrom(from, `${service.publicUrl}/logout`, { followRedirects: false });
    expect(logout.next?.searchParams.has('id_token_hint')).toBe(true);
    expect(logout.next?.search.length).toBeLessThan(2048);
  });
});
