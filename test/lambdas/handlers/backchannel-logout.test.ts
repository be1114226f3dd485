import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import { createProviderSigningKey } from '../../support/provider-documents.ts';
import { clientId, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser);
});

const isSignedIn = async (somebody = browser) => (await rp.userinfo(somebody, '?peek=1')).status === 200;
/** Sends a good notification, but for what is changed. */
const notify = (aud = clientId, claims = {}, header?: Readonly<Record<string, unknown>>) =>
  rp.notify(rp.provider.logoutToken(aud, claims, header));

describe('a back-channel logout', () => {
  test('ends every session of the user, and of no other user', async () => {
    const phone = rp.browser();
    await rp.signIn(phone);
    const { sub } = rp.provider;
    rp.provider.sub = somebodyElse;
    const other = rp.browser();
    await rp.signIn(other);
    expect(await notify(clientId, { sub })).toMatchObject({
      statusCode: 200,
      headers: { 'Cache-Control': 'no-store' },
    });
    expect([await isSignedIn(), await isSignedIn(phone), await isSignedIn(other)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  // id: logout-tokens-independent
  test('ends the sessions of its own user, whatever the instance has seen before', async () => {
    const first = rp.provider.sub;
    rp.provider.sub = somebodyElse;
    const other = rp.browser();
    await rp.signIn(other);
    await notify(clientId, { sub: first });
    rp.clock.advance(1);
    rp.provider.sub = first;
    await rp.signIn(browser);
    await notify(clientId, { sub: somebodyElse });
    expect([await isSignedIn(), await isSignedIn(other)]).toEqual([true, false]);
  });

  // id: logout-ends-200-sessions
  test('ends two hundred sessions', async () => {
    const browsers = Array.from({ length: 200 }, () => rp.browser());
    for (const each of browsers) await rp.signIn(each);
    await notify();
    for (const each of browsers) expect(await isSignedIn(each)).toBe(false);
  });

  test('lets the user sign in again at once, also by SSO with an auth_time from before', async () => {
    await notify();
    rp.clock.advance(1);
    rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['auth_time']) - 3_600 });
    await rp.signIn(browser);
    expect(await isSignedIn()).toBe(true);
  });

  // id: logout-without-session-succeeds
  test('succeeds for a user without a session', async () => {
    expect((await notify(clientId, { sub: 'urn:fdc:gov.uk:2022:nobody' })).statusCode).toBe(200);
  });

  // id: logout-token-typ
  test.each([
    ['typ logout+jwt', { typ: 'logout+jwt' }],
    ['no typ', {}],
  ])('is accepted with %s', async (_, header) => {
    expect((await notify(clientId, {}, header)).statusCode).toBe(200);
    expect(await isSignedIn()).toBe(false);
  });

  // id: logout-key-refresh-budget
  test('is accepted by a key that was published since the documents were stored, from a refresh budget of its own', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    await rp.store.claimRefresh('jwks', 'callback', rp.clock.now(), 30_000);
    expect((await notify()).statusCode).toBe(200);
  });

  test('is refused by a key that a document fetched moments ago does not contain', async () => {
    rp.provider.intercept = () => {
      rp.clock.advance(1);
      return undefined;
    };
    for (const _time of ['with a refresh', 'without one']) {
      const refused = await notify(clientId, {}, { kid: 'unknown' });
      expect(refused.statusCode).toBe(400);
      expect(refused.body).toContain('logout_token_key_unknown');
    }
    expect(rp.provider.requests.filter(({ endpoint }) => endpoint === 'jwks')).toHaveLength(1);
  });

  test('is our failure, so that One Login repeats it, when its key cannot be looked up', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    rp.provider.intercept = ({ endpoint }) =>
      endpoint === 'jwks' ? Promise.resolve({ status: 500, headers: {}, body: '' }) : undefined;
    const failed = await notify();
    const meanwhile = await notify();
    expect([failed.statusCode, meanwhile.statusCode]).toEqual([500, 500]);
    expect(meanwhile.body).toContain('provider_document_unavailable');
    rp.provider.intercept = () => undefined;
    rp.clock.advance(2_000);
    expect((await notify()).statusCode).toBe(200);
    expect(await isSignedIn()).toBe(false);
  });

  // id: logout-refusal-reasons
  test.each<[string, () => string, string]>([
    ['for another client', () => rp.provider.logoutToken('another'), 'logout_token_aud_unexpected'],
    ['signed by the public key as a secret', signWithPublicKey, 'logout_token_alg_unexpected'],
  ])('%s is refused with its own reason, without the token in the log', async (_, createToken, reason) => {
    const token = createToken();
    const response = await rp.notify(token);
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(response.body)).toEqual({
      error: 'invalid_request',
      error_description: expect.stringContaining(reason),
    });
    expect(await isSignedIn()).toBe(true);
    expect(rp.refusals()).toEqual([reason]);
    for (const part of token.split('.')) expect(rp.logLines.join('\n')).not.toContain(part);
  });

  // id: logout-token-once
  test('is refused when it comes a second time', async () => {
    const token = rp.provider.logoutToken(clientId);
    await rp.notify(token);
    rp.clock.advance(1);
    await rp.signIn(browser);
    const again = await rp.notify(token);
    expect(again.statusCode).toBe(400);
    expect(again.body).toContain('logout_token_replayed');
    expect(await isSignedIn()).toBe(true);
  });

  // id: logout-token-once-while-valid
  test.each([120, 3_600])(
    'that is valid for %i seconds is refused a second time until it expires',
    async (lifetime) => {
      const exp = Math.floor(rp.clock.now() / 1000) + lifetime;
      const token = rp.provider.logoutToken(clientId, { exp });
      await rp.notify(token);
      rp.clock.advance((lifetime + 29) * 1000);
      expect((await rp.notify(token)).body).toContain('logout_token_replayed');
      rp.clock.advance(1000);
      expect((await rp.notify(token)).body).toContain('logout_token_expired');
    },
  );

  test('is remembered for an hour, for a callback that takes its time', async () => {
    await notify();
    const subjectKey = deriveSubjectKey(clientId, rp.provider.sub);
    const at = rp.clock.now();
    expect(await rp.sessions.readRevokedBefore([subjectKey], at + 3_599_999)).toBe(at);
    expect(await rp.sessions.readRevokedBefore([subjectKey], at + 3_600_000)).toBeUndefined();
  });

  test.each([
    ['two tokens', 'application/x-www-form-urlencoded', 400, `logout_token=a&logout_token=`],
    ['a megabyte', 'application/x-www-form-urlencoded', 413, `x=${'a'.repeat(1_000_000)}&logout_token=`],
    ['JSON', 'application/json', 415, 'logout_token='],
  ])('with %s is refused', async (_, type, status, before) => {
    const body = before + rp.provider.logoutToken(clientId);
    const options = { method: 'POST', headers: { 'Content-Type': type }, body };
    expect((await rp.browser().request('/auth/backchannel-logout', options)).statusCode).toBe(status);
    expect(await isSignedIn()).toBe(true);
  });
});

function signWithPublicKey(): string {
  const [, claims] = rp.provider.logoutToken(clientId).split('.');
  const input = `${Buffer.from('{"alg":"HS256","kid":"key-1"}').toString('base64url')}.${claims}`;
  const secret = JSON.stringify(rp.provider.published[0]?.jwk);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
