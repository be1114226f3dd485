import { beforeEach, describe, expect, test } from '@jest/globals';
import { locationOf } from '../../support/browser.ts';
import { publicUrl, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

/** What anybody can send, and a proxy in front may pass on. */
const elsewhere = {
  Host: 'evil.example',
  Forwarded: 'host=evil.example;proto=http;for=198.51.100.1',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'http',
  'X-Forwarded-For': '198.51.100.1',
  'X-Forwarded-Prefix': '/evil',
  'X-Original-URL': '/auth/evil',
  'X-Rewrite-URL': '/auth/evil',
};

function readRequestObject(location: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = new URL(location).searchParams.get('request')?.split('.') ?? [];
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

describe('a request that says it was for another host', () => {
  test('has users come back to the configured address all the same', async () => {
    const location = locationOf(await rp.browser().request('/auth/login', { headers: elsewhere }));
    expect(location).not.toContain('evil');
    expect(readRequestObject(location)['redirect_uri']).toBe(`${publicUrl}/callback`);
  });

  test.each(['/auth/login', '/auth/callback', '/auth/userinfo', '/auth/logout', '/auth/signed-out'])(
    'to %s is answered as if it did not',
    async (path) => {
      const said = await rp.browser().request(path, { headers: elsewhere });
      const plain = await rp.browser().request(path);
      expect(said.statusCode).toBe(plain.statusCode);
      expect(JSON.stringify([said.headers, said.multiValueHeaders, said.body])).not.toContain('evil');
    },
  );

  test('signs nobody out who has not asked for it on our pages', async () => {
    const browser = rp.browser();
    await rp.signIn(browser);
    const origin = { ...elsewhere, Origin: 'https://evil.example' };
    const response = await browser.request('/auth/logout', { method: 'POST', headers: origin });
    expect(response.statusCode).toBe(200);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});
