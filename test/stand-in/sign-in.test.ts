import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { authorizationErrorNames, authorizationErrors, plainPerson } from '../../stand-in/index.ts';
import { Browser, readCallback } from './browser.ts';
import { setUp, useWorld } from './relying-party.ts';

const world = useWorld(
  { client: { backchannelLogoutUri: 'http://127.0.0.1:9/never' } },
  { backchannelLogout: { held: true } },
);

/** Opens the sign-in page. @returns its address and the journey in it */
async function openPage(browser: Browser, changes: Readonly<Record<string, unknown>> = {}) {
  const redirect = await browser.get(await world.rp.authorizeUrl(changes));
  const url = redirect.headers.get('location') ?? '';
  const html = await (await browser.get(url)).text();
  return { html, journey: /name="journey" value="([\w-]+)"/.exec(html)?.[1] ?? '' };
}

/** Sends the page's form. */
async function choose(browser: Browser, journey: string, fields: Readonly<Record<string, string>>) {
  return browser.post(`${world.standIn.url}/sign-in`, { journey, ...fields });
}

/** Signs in on the page and exchanges the code. @returns the ID token's claims */
async function signInOnPage(
  browser: Browser,
  person: string,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const { journey } = await openPage(browser, changes);
  const callback = readCallback(await choose(browser, journey, { person }));
  const { body } = await world.rp.redeem(callback.get('code') ?? '');
  return decodeJwt(String(body['id_token']));
}

const findSub = (id: string) => world.standIn.people.find((person) => person.id === id)?.sub;

describe('the sign-in page', () => {
  test('is not GOV.UK One Login, offers all people and errors, and needs no script', async () => {
    const { html } = await openPage(new Browser());
    expect(html).toContain('This is not GOV.UK One Login');
    expect(html).not.toContain('<script');
    for (const { id } of world.standIn.people) expect(html).toContain(`<button name="person" value="${id}">`);
    for (const name of authorizationErrorNames)
      expect(html).toContain(`<button name="error" value="${name}">`);
    expect(html).toContain('value="id_token:INVALID_SIGNATURE"');
    expect(html).toContain('value="endpoint:TOKEN_502"');
  });

  test.each(authorizationErrorNames)('redirects with %s', async (name) => {
    const browser = new Browser();
    const { journey } = await openPage(browser);
    const response = await choose(browser, journey, { error: name });
    expect(response.status).toBe(303);
    const callback = Object.fromEntries(readCallback(response));
    expect(callback).toEqual({ ...authorizationErrors[name], state: 'a-state' });
  });

  test('causes a fault in one sign-in only', async () => {
    const browser = new Browser();
    const { journey } = await openPage(browser);
    const callback = readCallback(
      await choose(browser, journey, { person: 'maria', fault: 'id_token:INVALID_ISS' }),
    );
    const { body } = await world.rp.redeem(callback.get('code') ?? '');
    expect(decodeJwt(String(body['id_token'])).iss).toBe('https://example.com/identity-provider');
    expect((await signInOnPage(new Browser(), 'maria')).iss).toBe(`${world.standIn.url}/`);
  });

  test('causes an endpoint to fail once', async () => {
    const browser = new Browser();
    const { journey } = await openPage(browser);
    const callback = readCallback(
      await choose(browser, journey, { person: 'maria', fault: 'endpoint:TOKEN_502' }),
    );
    const failed = await world.rp.redeem(callback.get('code') ?? '');
    expect([failed.status, failed.body]).toEqual([502, { message: 'Internal server error' }]);
    expect((await world.rp.redeem(callback.get('code') ?? '')).status).toBe(200);
  });

  test('shows names with markup as text', async () => {
    world.standIn.addPerson(plainPerson('markup', `<img src=x onerror="alert('1')">`));
    const { html } = await openPage(new Browser());
    expect(html).not.toContain('<img');
    expect(html).toContain('&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;');
  });

  test('has a policy without scripts', async () => {
    const browser = new Browser();
    const redirect = await browser.get(await world.rp.authorizeUrl());
    const page = await browser.get(redirect.headers.get('location') ?? '');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test.each([{ person: 'nobody' }, { error: 'NOTHING' }, {}, { person: 'maria', identity: 'NOTHING' }])(
    'refuses the choice %j',
    async (fields: Record<string, string>) => {
      const browser = new Browser();
      const { journey } = await openPage(browser);
      expect((await choose(browser, journey, fields)).status).toBe(400);
    },
  );

  test('refuses a journey of more than two hours', async () => {
    const browser = new Browser();
    const { journey } = await openPage(browser);
    world.clock.advance(2 * 60 * 60 * 1000);
    const response = await choose(browser, journey, { person: 'maria' });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });
});

describe('a browser with two tabs', () => {
  test("gets access_denied with the newer tab's state in the older tab, and a code in the newer one", async () => {
    const browser = new Browser();
    const older = await openPage(browser, { state: 'older' });
    const newer = await openPage(browser, { state: 'newer' });
    const lost = readCallback(await choose(browser, older.journey, { person: 'maria' }));
    expect(Object.fromEntries(lost)).toEqual({
      error: 'access_denied',
      error_description: 'Access denied for security reasons, a new authentication request may be successful',
      state: 'newer',
    });
    const found = readCallback(await choose(browser, newer.journey, { person: 'maria' }));
    expect([found.get('state'), found.has('code')]).toEqual(['newer', true]);
  });

  test('differs from another browser, which gets access_denied with its own state', async () => {
    const { journey } = await openPage(new Browser(), { state: 'mine' });
    const lost = readCallback(await choose(new Browser(), journey, { person: 'maria' }));
    expect([lost.get('error'), lost.get('state')]).toEqual(['access_denied', 'mine']);
  });
});

describe('a browser that is signed in at One Login', () => {
  test('signs in again without the page, with the old auth_time', async () => {
    const browser = new Browser();
    const first = await signInOnPage(browser, 'maria');
    world.clock.advance(600 * 1000);
    const second = decodeJwt((await world.rp.signIn({}, browser)).idToken);
    expect(second.sub).toBe(findSub('maria'));
    expect(second['auth_time']).toBe(first['auth_time']);
    expect(second['sid']).not.toBe(first['sid']);
  });

  test('sees the page again after two hours without a visit', async () => {
    const browser = new Browser();
    await signInOnPage(browser, 'maria');
    world.clock.advance(2 * 60 * 60 * 1000);
    expect((await openPage(browser)).journey).not.toBe('');
  });

  test('sees the page with prompt=login, and keeps auth_time all the same', async () => {
    const browser = new Browser();
    const first = await signInOnPage(browser, 'maria');
    world.clock.advance(600 * 1000);
    const second = await signInOnPage(browser, 'maria', { prompt: 'login' });
    expect(second['auth_time']).toBe(first['auth_time']);
  });

  test('sees the page for a stronger credential, and then gets a new auth_time', async () => {
    const browser = new Browser();
    const first = await signInOnPage(browser, 'maria', { vtr: ['Cl'] });
    world.clock.advance(600 * 1000);
    const second = await signInOnPage(browser, 'maria', { vtr: ['Cl.Cm'] });
    expect(Number(second['auth_time']) - Number(first['auth_time'])).toBe(600);
  });

  test('sees the page when the sign-in is older than max_age, and then gets a new auth_time', async () => {
    const browser = new Browser();
    const first = await signInOnPage(browser, 'maria');
    world.clock.advance(600 * 1000);
    expect((await world.rp.authorize({ max_age: 600 }, browser)).has('code')).toBe(true);
    world.clock.advance(1 * 1000);
    const second = await signInOnPage(browser, 'maria', { max_age: 600 });
    expect(Number(second['auth_time']) - Number(first['auth_time'])).toBe(601);
  });

  test('does not see the page when max_age is not enabled for the client', async () => {
    const other = await setUp({ client: { maxAgeEnabled: false } });
    other.standIn.change({ signInAutomaticallyAs: 'maria' });
    const browser = new Browser();
    const first = decodeJwt((await other.rp.signIn({}, browser)).idToken);
    other.clock.advance(600 * 1000);
    other.standIn.change({ signInAutomaticallyAs: null });
    const second = decodeJwt((await other.rp.signIn({ max_age: 1 }, browser)).idToken);
    expect(second['auth_time']).toBe(first['auth_time']);
  });

  test('does not see the page when the control ignores max_age', async () => {
    world.standIn.change({ maxAge: 'IGNORED' });
    const browser = new Browser();
    await signInOnPage(browser, 'maria');
    world.clock.advance(600 * 1000);
    expect((await world.rp.authorize({ max_age: 1 }, browser)).has('code')).toBe(true);
  });

  test('notifies of the logout of one user when another signs in', async () => {
    const browser = new Browser();
    await signInOnPage(browser, 'maria');
    await signInOnPage(browser, 'tomos', { prompt: 'login' });
    expect(world.standIn.heldBackchannelLogouts).toBe(1);
  });
});

describe('a sign-in without a page', () => {
  test('is that of the person of the control, also with SSO', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const browser = new Browser();
    const first = decodeJwt((await world.rp.signIn({}, browser)).idToken);
    world.clock.advance(60 * 1000);
    const second = decodeJwt((await world.rp.signIn({}, browser)).idToken);
    expect([second.sub, second['auth_time']]).toEqual([findSub('maria'), first['auth_time']]);
    world.standIn.change({ signInAutomaticallyAs: 'tomos' });
    const third = decodeJwt((await world.rp.signIn({}, browser)).idToken);
    expect([third.sub, third['auth_time']]).toEqual([findSub('tomos'), world.rp.nowInSeconds]);
  });
});
