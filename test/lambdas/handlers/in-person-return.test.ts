import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SealedPlace } from '../../../lambdas/core/flow/seal-place.ts';
import type { PlaceStore } from '../../../lambdas/core/ports.ts';
import { placeLifetimeMilliseconds } from '../../../lambdas/core/session/lifetimes.ts';
import { type Browser, readLocation } from '../../support/browser.ts';
import { findLink } from '../../support/html.ts';
import { clientId, failWith, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

const day = 24 * 60 * 60 * 1000;

beforeEach(() => start());

/** Signs in a new user, who leaves for an identity check that does not come back. */
async function leave(inBrowser: Browser, query = '?return_to=/apply/12%3Fstep%3D3%23name'): Promise<void> {
  if ((await rp.userinfo(inBrowser)).status === 401) await rp.signIn(inBrowser);
  expect((await inBrowser.request(`/auth/prove-identity${query}`)).statusCode).toBe(303);
}

/** Opens the link in the email. @returns the address that the identity request afterwards leads to */
async function comeBack(inBrowser: Browser = rp.browser()): Promise<string | null> {
  const next = readLocation(await rp.complete(inBrowser, '/auth/in-person-return'));
  return readReturnTo(inBrowser, next.replace('https://service.example', ''));
}

async function readReturnTo(inBrowser: Browser, path = '/auth/in-person-return?step=continue') {
  const page = await inBrowser.request(path);
  expect(page.statusCode).toBe(200);
  return new URL(findLink(page.body, 'Continue')).searchParams.get('return_to');
}

/** The events in the log that a failure leaves. */
const failures = () => rp.parseLog().flatMap(({ event, level }) => (level === 'error' ? event : []));

/** Changes every place that is read. */
function tamper(change: (place: SealedPlace) => SealedPlace): void {
  const read = rp.places.read.bind(rp.places);
  rp.places.read = async (key) => {
    const place = await read(key);
    return place && change(place);
  };
}

describe('a user who comes back from an in-person check', () => {
  test('goes on where they had left off, in another browser, after signing out', async () => {
    await leave(browser);
    await rp.signOut(browser);
    expect(await comeBack()).toBe('/apply/12?step=3#name');
    expect(failures()).toEqual([]);
  });

  test('goes on there after One Login has ended all their sessions', async () => {
    await leave(browser);
    await rp.notify(rp.provider.logoutToken(clientId));
    expect((await rp.userinfo(browser)).status).toBe(401);
    rp.clock.advance(1);
    expect(await comeBack()).toBe('/apply/12?step=3#name');
  });

  test('goes on there when they come back a second time', async () => {
    await leave(browser);
    expect(await comeBack()).toBe('/apply/12?step=3#name');
    expect(await comeBack()).toBe('/apply/12?step=3#name');
  });

  test('does not go where another user of the same browser had left off', async () => {
    await leave(browser);
    rp.provider.sub = somebodyElse;
    expect(await comeBack(browser)).toBe('/in-person');
    await leave(browser, '?return_to=/somebody-else');
    expect(await comeBack(browser)).toBe('/somebody-else');
  });

  test('goes to the page of the config when they had left off nowhere, or are not signed in', async () => {
    expect(await comeBack(browser)).toBe('/in-person');
    await leave(browser);
    expect(await readReturnTo(rp.browser())).toBe('/in-person');
  });

  test('goes to the page of the config after a last request without an address', async () => {
    for (const query of ['', '?return_to=https://elsewhere.example/', '?return_to=/home']) {
      await leave(browser, '?return_to=/apply');
      await leave(browser, query);
      expect(await comeBack(browser)).toBe('/in-person');
    }
  });

  test('goes to the page of the config when they left without a session', async () => {
    await browser.request('/auth/prove-identity?return_to=/apply');
    expect(await comeBack(browser)).toBe('/in-person');
  });

  test('goes on where they left off last', async () => {
    await leave(browser, '?return_to=/first');
    await leave(rp.browser(), '?return_to=/second');
    expect(await comeBack()).toBe('/second');
  });
});

describe('a kept place', () => {
  test('lasts for 16 days and the time that the email takes, and not a moment longer', async () => {
    await leave(browser);
    rp.clock.advance(16 * day + 1000);
    expect(await comeBack()).toBe('/apply/12?step=3#name');
    rp.clock.advance(placeLifetimeMilliseconds - 16 * day - 1001);
    expect(await comeBack()).toBe('/apply/12?step=3#name');
    rp.clock.advance(1);
    expect(await comeBack()).toBe('/in-person');
    expect(failures()).toEqual([]);
  });

  test('at another origin is used only while the config allows that', async () => {
    const returnOrigins = ['https://forms.example'];
    await start({ returnOrigins });
    await leave(browser, '?return_to=https://forms.example/step/2');
    expect(await comeBack()).toBe('https://forms.example/step/2');
    returnOrigins.length = 0;
    expect(await comeBack()).toBe('/in-person');
  });

  test.each<[string, (place: SealedPlace) => SealedPlace]>([
    [
      'with other contents',
      (place) => ({ ...place, sealedPayload: place.sealedPayload.map((byte) => byte ^ 1) }),
    ],
    ['without contents', (place) => ({ ...place, sealedPayload: new Uint8Array() })],
    ['with a longer life', (place) => ({ ...place, expiresAt: place.expiresAt + 1 })],
  ])('%s is not used, and the log shows it', async (_, change) => {
    await leave(browser);
    tamper(change);
    expect(await comeBack()).toBe('/in-person');
    expect(failures()).toEqual(['place_not_read']);
  });

  test('of another user is not used, even under the key of this one', async () => {
    const put = rp.places.put.bind(rp.places);
    const places: SealedPlace[] = [];
    rp.places.put = (place) => put(place).then(() => void places.push(place));
    await leave(browser, '?return_to=/mine');
    rp.provider.sub = somebodyElse;
    await leave(rp.browser(), '?return_to=/theirs');
    tamper(({ key }) => ({ ...places[0], key }) as SealedPlace);
    expect(await comeBack()).toBe('/in-person');
    expect(failures()).toEqual(['place_not_read']);
  });

  test('of another version counts as none', async () => {
    await leave(browser);
    tamper((place) => ({ ...place, schemaVersion: 2 }));
    expect(await comeBack()).toBe('/in-person');
    expect(failures()).toEqual([]);
  });

  test.each(['HEAD', 'prefetch'])('stays as it is at a %s request', async (kind) => {
    await leave(browser, '?return_to=/apply');
    const options = kind === 'HEAD' ? { method: 'HEAD' } : { headers: { 'Sec-Purpose': 'prefetch' } };
    await browser.request('/auth/prove-identity?return_to=/other', options);
    await browser.request('/auth/in-person-return?step=continue', options);
    expect(await comeBack()).toBe('/apply');
  });

  test.each(['put', 'read'] as const)(
    'is not required: the user sees no difference when the table fails to %s',
    async (method) => {
      (rp.places as PlaceStore)[method] = failWith('dynamodb_unavailable');
      await leave(browser);
      expect(await comeBack()).toBe('/in-person');
      expect(rp.parseLog()).toContainEqual(
        expect.objectContaining({
          level: 'error',
          event: method === 'put' ? 'place_not_kept' : 'place_not_read',
          code: 'dynamodb_unavailable',
          request_id: expect.any(String),
        }),
      );
    },
  );

  test('is not looked for where no identities are proved', async () => {
    await start({ identityVtr: [] });
    expect((await browser.request('/auth/in-person-return?step=continue')).statusCode).toBe(404);
  });
});
