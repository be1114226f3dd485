import { beforeEach, describe, expect, test } from '@jest/globals';
import { publicUrl } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser);
});

describe('/auth/userinfo', () => {
  test('returns where to sign in, as JSON, without a session', async () => {
    expect(await rp.userinfo(rp.browser())).toEqual({
      status: 401,
      body: { error: 'login_required', login_url: `${publicUrl}/login` },
    });
  });

  // id: peek-extends-nothing
  test('extends the idle expiry, and with peek=1 does not', async () => {
    const began = rp.clock.now();
    rp.clock.advance(1_800_000);
    const peeked = await rp.userinfo(browser, '?peek=1');
    expect(peeked.body['session']).toMatchObject({ idle_expires_at: (began + rp.lifetimes.idle) / 1000 });
    const used = await rp.userinfo(browser);
    expect(used.body['session']).toMatchObject({
      idle_expires_at: (began + 1_800_000 + rp.lifetimes.idle) / 1000,
    });
  });

  // id: idle-write-limited
  test('writes the idle expiry at most once per fifth of the idle time', async () => {
    let writes = 0;
    const extend = rp.sessions.extendIdle.bind(rp.sessions);
    rp.sessions.extendIdle = (key, idleExpiresAt) => {
      writes += 1;
      return extend(key, idleExpiresAt);
    };
    for (let call = 0; call < 10; call += 1) {
      rp.clock.advance(rp.lifetimes.idle / 25);
      await rp.userinfo(browser);
    }
    expect(writes).toBe(2);
  });

  test('returns 401 for a session that is deleted while it is read', async () => {
    rp.clock.advance(1_800_000);
    const read = rp.sessions.read.bind(rp.sessions);
    rp.sessions.read = async (key) => {
      const session = await read(key);
      await rp.sessions.delete(key);
      return session;
    };
    expect((await rp.userinfo(browser)).status).toBe(401);
  });
});
