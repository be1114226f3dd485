import { expect, test } from '@jest/globals';
import { journeysConfig } from '../support/journeys-config.ts';
import { choose } from '../support/pages/visit.ts';
import { configureService, context, describeInChromium, page, service } from './in-chromium.ts';

configureService({ config: journeysConfig });

const vocab = (name: string) => `https://vocab.account.gov.uk/v1/${name}`;

/** Opens a route of ours as a link of the service would. */
const open = (route: string) => page.goto(`${service.publicUrl}/${route}`);
const readPath = () => page.url().replace(service.url, '');
const isAtOneLogin = () => page.url().startsWith(service.standIn.url);

async function readUserinfo(): Promise<Record<string, unknown>> {
  const response = await context.request.get(`${service.publicUrl}/userinfo`);
  return response.json();
}

describeInChromium('in a browser, a user', () => {
  test('signs in with one factor, and with two for the journey that requires them', async () => {
    await open('login?return_to=/account');
    await choose({ page }, 'maria');
    expect(await readUserinfo()).toMatchObject({ vot: 'Cl' });

    await open('login?journey=pay&return_to=/account%3Fpay');
    expect(isAtOneLogin()).toBe(true);
    await choose({ page }, 'maria');
    expect(readPath()).toBe('/account?pay');
    expect(await readUserinfo()).toMatchObject({ vot: 'Cl.Cm' });

    await open('login?journey=pay&return_to=/account%3Fagain');
    expect(readPath()).toBe('/account?again');
  });

  test('proves their identity at a higher level for the journey that requires it, and keeps what they have proved', async () => {
    await open('prove-identity?return_to=/account%3Flow');
    await choose({ page }, 'maria');
    expect(readPath()).toBe('/account?low');
    expect(await readUserinfo()).toMatchObject({
      identity: { outcome: 'proved', vot: 'P1', claims: [vocab('coreIdentityJWT'), vocab('address')] },
    });

    await open('prove-identity?journey=licence&return_to=/account%3Flicence');
    await choose({ page }, 'maria');
    expect(readPath()).toBe('/account?licence');
    expect(await readUserinfo()).toMatchObject({ identity: { outcome: 'proved', vot: 'P2' } });

    await open('prove-identity?journey=travel&return_to=/account%3Ftravel');
    await choose({ page }, 'maria');
    expect(readPath()).toBe('/account?travel');
    expect(await readUserinfo()).toMatchObject({
      [vocab('passport')]: [{ documentNumber: '999123456' }],
      identity: {
        outcome: 'proved',
        vot: 'P2',
        claims: [vocab('coreIdentityJWT'), vocab('address'), vocab('passport')],
      },
    });
    for (const route of [
      'prove-identity',
      'prove-identity?journey=licence',
      'prove-identity?journey=travel',
    ]) {
      await open(route);
      expect(readPath()).toBe('/');
    }
  });

  test('goes to the page of the journey when they could not prove their identity for it', async () => {
    await open('login');
    await choose({ page }, 'not-proved-with-codes');
    await open('prove-identity?journey=licence');
    await choose({ page }, 'not-proved-with-codes');
    expect(readPath()).toBe('/?not-proved=licence');
    expect(await readUserinfo()).toMatchObject({ identity: { outcome: 'not_proved' } });
  });

  test('is sent by an API of the service to the journey that reaches its level', async () => {
    await open('login');
    await choose({ page }, 'maria');
    const denied = await context.request.get(`${service.url}/api/identity`);
    expect([denied.status(), await denied.json()]).toEqual([
      403,
      expect.objectContaining({ step_up_url: `${service.publicUrl}/prove-identity?journey=licence` }),
    ]);
    await page.goto((await denied.json()).step_up_url);
    await choose({ page }, 'maria');
    expect((await context.request.get(`${service.url}/api/identity`)).status()).toBe(200);
  });

  test('sees that a page is missing when a link names a journey that the service does not have', async () => {
    for (const route of ['login?journey=cheap', 'login?journey=licence', 'prove-identity?journey=pay']) {
      expect((await open(route))?.status()).toBe(404);
    }
  });
});
