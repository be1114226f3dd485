import { describe, expect, test } from '@jest/globals';
import { loadLocalConfig } from '../../local/local-config.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { refusalsIn } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService({ config: { ...loadLocalConfig(), idTokenSigningAlgorithm: 'RS256' } });

const readAlgorithm = (jwt: string | null | undefined) =>
  JSON.parse(Buffer.from(jwt?.split('.')[0] ?? '', 'base64url').toString()).alg;

describe('a client whose ID tokens are signed RS256', () => {
  test('signs users in, and out of One Login by such a hint', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser, '/auth/prove-identity');
    expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'proved' } });
    const from = { url: new URL(service.url) };
    const page = await browser.goFrom(from, `${service.publicUrl}/logout`, { followRedirects: false });
    expect(readAlgorithm(page.next?.searchParams.get('id_token_hint'))).toBe('RS256');
    const end = await browser.open(String(page.next));
    expect(end.url.pathname).toBe('/auth/signed-out');
  });

  // id: es256-logout-for-rs256-client
  test('takes logout tokens, which are signed ES256 all the same', async () => {
    await service.standIn.backchannelLogoutsSettled();
    const browser = new WebBrowser();
    await service.signIn(browser);
    expect(browser.cookies.get(sessionCookieName)).toBeDefined();
    const { sub } = (await service.userinfo(browser)).body;
    expect(await service.standIn.sendBackchannelLogout({ sub: String(sub) })).toMatchObject({
      delivered: true,
    });
    expect((await service.userinfo(browser)).status).toBe(401);
  });

  test('refuses an ID token whose header has another alg', async () => {
    service.standIn.change({ idToken: { next: [['INVALID_ALG_HEADER']] } });
    const since = service.watch();
    const page = await service.signIn(new WebBrowser());
    expect([page.status, refusalsIn(since())]).toEqual([502, ['id_token_alg_unexpected']]);
    service.standIn.reset();
  });
});
