/**
 * Failures of other relying parties that show end to end only. Those that show in one part are tested beside that part,
 * those of whole sign-ins in the other files of this folder.
 */
import { describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

describe('the redirect after sign-in', () => {
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
