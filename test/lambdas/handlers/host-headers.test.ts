import { describe, expect, test } from '@jest/globals';
import { publicUrl, readRequestObject, startRelyingParty } from '../../support/relying-party.ts';

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

describe('a request with the headers of another host', () => {
  // id: host-header-ignored
  test('has users come back to the configured address', async () => {
    const rp = await startRelyingParty();
    const response = await rp.browser().request('/auth/login', { headers: elsewhere });
    expect(readRequestObject(response)['redirect_uri']).toBe(`${publicUrl}/callback`);
  });

  // id: host-header-changes-nothing
  test.each(['/auth/login', '/auth/callback', '/auth/userinfo', '/auth/logout', '/auth/signed-out'])(
    'to %s gets the usual response',
    async (path) => {
      const rp = await startRelyingParty();
      const answer = await rp.browser().request(path, { headers: elsewhere });
      expect(answer.statusCode).toBe((await rp.browser().request(path)).statusCode);
      expect(JSON.stringify([answer.headers, answer.multiValueHeaders, answer.body])).not.toContain('evil');
    },
  );
});
