import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLocation } from '../../support/browser.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser);
});

const login = (returnTo = '/forms/12') => browser.request(`/auth/login?return_to=${returnTo}`);

/** A page that sends its users back to sign in, that many times. */
async function go(rounds: number, milliseconds = 300): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    expect(readLocation(await login())).toBe('/forms/12');
    rp.clock.advance(milliseconds);
  }
}

describe('a page that sends signed-in users back to sign in', () => {
  // id: redirect-loop-stops
  test('gets them back six times, and then there is a page with a way on, in both languages', async () => {
    await go(6);
    const page = await login();
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('This page cannot be shown');
    expect(page.body).toMatch(/>\s*Go to Apply for a test\s*<\/a>/);
    expect(page.body).toContain('/auth/message?page=sent-back');
    expect((await rp.userinfo(browser)).status).toBe(200);
    expect(rp.logLines.join()).toContain('"code":"redirect_circle","fault":"caller"');
  });

  test('gets them back no more often if each round takes nine seconds', async () => {
    await go(6, 9_000);
    expect((await login()).statusCode).toBe(400);
  });

  test('can be tried again after ten seconds', async () => {
    await go(6);
    rp.clock.advance(9_000);
    expect((await login()).statusCode).toBe(400);
    rp.clock.advance(1_000);
    await go(6);
  });

  test.each([
    [
      'has another query each time, on another host',
      (round: number) =>
        `/auth/login?return_to=${encodeURIComponent(`https://forms.example/forms/12?time=${round}#${round}`)}`,
    ],
    ['requests an identity that is proved', () => '/auth/prove-identity?return_to=/forms/12'],
  ])('is stopped as well when it %s', async (_, buildPath) => {
    await rp.complete(browser, '/auth/prove-identity');
    const statuses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      statuses.push((await browser.request(buildPath(round))).statusCode);
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 303, 400]);
  });
});

describe('signed-in users at /auth/login', () => {
  test('may come every ten seconds, for ever', async () => {
    await go(50, 10_000);
  });

  test('may come for many pages one after the other', async () => {
    for (let page = 0; page < 50; page += 1) {
      expect(readLocation(await login(`/forms/${page % 2}`))).toBe(`/forms/${page % 2}`);
    }
  });

  test('may come in fifty tabs at once', async () => {
    const tabs = await Promise.all(Array.from({ length: 50 }, () => browser.clone().request('/auth/login')));
    expect(new Set(tabs.map(({ statusCode }) => statusCode))).toEqual(new Set([303]));
  });

  test('are not counted by HEAD, nor when they are not signed in', async () => {
    for (let round = 0; round < 20; round += 1) await browser.request('/auth/login', { method: 'HEAD' });
    const stranger = rp.browser();
    for (let round = 0; round < 20; round += 1) {
      expect((await stranger.request('/auth/login')).statusCode).toBe(303);
    }
    await go(6);
  });
});
