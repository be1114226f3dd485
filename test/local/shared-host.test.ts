import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { buildTestConfig } from '../infra/synthesise.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import { createLoopbackFetch } from '../support/loopback-fetch.ts';
import { type Service, startService } from '../support/service.ts';
import { readHeading, WebBrowser } from '../support/web-browser.ts';

/**
 * Two deployments on one host: `permits` without a cookie name is in front, and forwards everything that is not its own to
 * `licences`, which has one.
 */
let licences: Service;
let permits: Service;
let origin: string;
beforeAll(async () => {
  const { port, close } = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
  await close();
  origin = `http://localhost:${port}`;
  licences = await startService({
    config: configureBelow('/licences', { cookieName: 'licences' }),
    publicOrigin: origin,
  });
  permits = await startService({ config: configureBelow('/permits'), port, service: licences.localUrl });
});
afterAll(async () => {
  await permits?.close();
  await licences?.close();
});

function configureBelow(path: string, changes: Partial<DeploymentConfig> = {}): DeploymentConfig {
  const own = {
    ...buildTestConfig('local'),
    publicUrl: `http://localhost:8080${path}/auth`,
    defaultPage: `${path}/`,
  };
  return validateConfig(JSON.parse(JSON.stringify({ ...own, ...changes })));
}

afterEach(async () => {
  // A sign-out goes on in the background, and ends the sessions that the user has elsewhere.
  for (const { standIn } of [licences, permits]) await standIn.backchannelLogoutsSettled();
});

let browser: WebBrowser;
beforeEach(() => {
  browser = new WebBrowser(new CookieJar(), createLoopbackFetch());
});

const readStatuses = async () => [
  (await licences.userinfo(browser)).status,
  (await permits.userinfo(browser)).status,
];

describe('two deployments on one host', () => {
  test('have their routes below their own paths', () => {
    expect(licences.publicUrl).toBe(`${origin}/licences/auth`);
    expect(permits.publicUrl).toBe(`${origin}/permits/auth`);
    for (const service of [licences, permits]) {
      expect(service.standIn.client).toMatchObject({
        redirectUris: [`${service.publicUrl}/callback`],
        postLogoutRedirectUris: [`${service.publicUrl}/signed-out`],
      });
    }
  });

  test('keep a user signed in to both, with sign-ins at the same time', async () => {
    const callbacks = [
      [permits, await permits.begin(browser, '/auth/login')],
      [licences, await licences.begin(browser, '/auth/login')],
      [permits, await permits.begin(browser, '/auth/prove-identity')],
    ] as const;
    expect(await readStatuses()).toEqual([401, 401]);
    for (const [service, callback] of callbacks) {
      const page = await browser.goFrom({ url: new URL(service.standIn.url) }, callback);
      expect(page.answers[1]?.url.href).toBe(service.publicUrl.replace('/auth', '/'));
      expect(page.status).toBe(200);
    }
    expect(await readStatuses()).toEqual([200, 200]);
    expect((await permits.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'proved' });
    expect((await licences.userinfo(browser)).body['identity']).toMatchObject({ outcome: 'not_requested' });
  });

  // id: shared-host-sign-out
  test.each([
    ['licences', () => licences, [401, 200]],
    ['permits', () => permits, [200, 401]],
  ] as const)('end only the session of %s when the user signs out there', async (_, find, left) => {
    const [ended, page] = [find(), await signInToBoth()];
    const signedOut = await browser.goFrom(page, `${ended.publicUrl}/logout`);
    expect(signedOut.url.href).toContain(`${ended.publicUrl}/signed-out`);
    expect(readHeading(signedOut)).toBe('You are signed out');
    expect(await readStatuses()).toEqual(left);
  });

  test.each([
    ['licences', () => licences, [401, 200]],
    ['permits', () => permits, [200, 401]],
  ] as const)('end only the session of %s when One Login sends it a notification', async (_, find, left) => {
    await signInToBoth();
    const { body } = await find().userinfo(browser);
    const delivery = await find().standIn.sendBackchannelLogout({ sub: String(body['sub']) });
    expect(delivery).toMatchObject({ delivered: true });
    expect(await readStatuses()).toEqual(left);
  });
});

describe('a deployment below a path of its host', () => {
  test('has pages whose links and files are below the path', async () => {
    const missing = await browser.open(`${licences.publicUrl}/nowhere`);
    expect(missing.status).toBe(404);
    const pages = [
      missing,
      await browser.open(`${licences.publicUrl}/callback?code=x&state=x`),
      await browser.open(`${licences.publicUrl}/logout?ask=1`),
      await browser.open(`${licences.publicUrl}/signed-out`),
      await browser.open(`${licences.publicUrl}/in-person-return?step=continue`),
      await browser.open(`${origin}/licences/`),
    ];
    for (const { url, body } of pages) {
      const own = [...body.matchAll(/(?:href|src|action)="([^"#?]*)/g)]
        .map(([, address]) => new URL(address ?? '', url))
        .filter((address) => address.origin === origin);
      expect(own.length).toBeGreaterThan(4);
      for (const { pathname } of own) expect(pathname).toMatch(/^\/licences\//);
      const files = own.filter(({ pathname }) => pathname.includes('/assets/'));
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) expect((await browser.open(file)).status).toBe(200);
    }
  });

  test('leads a user who is not signed in to its own sign-in, and back', async () => {
    const { body } = await licences.userinfo(browser);
    expect(body).toMatchObject({ login_url: `${licences.publicUrl}/login` });
    const page = await licences.signIn(browser, '/auth/login?return_to=/licences/account%3Ftab=1');
    expect(page.url.href).toBe(`${origin}/licences/account?tab=1`);
  });

  test.each(['/licences/auth/login', '/licences/auth', '/LICENCES/auth/logout'])(
    'does not return users to its own route %s',
    async (route) => {
      const page = await licences.signIn(browser, `/auth/login?return_to=${encodeURIComponent(route)}`);
      expect(page.url.href).toBe(`${origin}/licences/`);
    },
  );

  test('starts again at its own path when a sign-in fails', async () => {
    const page = await licences.signIn(browser, '/auth/login', { fault: 'id_token:INVALID_ISS' });
    expect(page.body).toContain(`href="${licences.publicUrl}/login?`);
  });
});

/** @returns a page of the host */
async function signInToBoth() {
  await licences.signIn(browser);
  const page = await permits.signIn(browser);
  expect(await readStatuses()).toEqual([200, 200]);
  return page;
}
