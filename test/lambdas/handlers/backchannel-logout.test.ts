import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import type { Browser } from '../../support/browser.ts';
import { createProviderSigningKey } from '../../support/provider-documents.ts';
import { clientId, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
  await rp.signIn(browser);
});

const signedIn = async (somebody = browser) => (await rp.userinfo(somebody, '?peek=1')).status === 200;

describe('a back-channel logout', () => {
  test("ends every session of the user, and nobody else's", async () => {
    const phone = rp.browser();
    await rp.signIn(phone);
    const sub = rp.provider.sub;
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    const other = rp.browser();
    await rp.signIn(other);
    const response = await rp.notify(rp.provider.logoutToken(clientId, { sub }));
    expect(response.statusCode).toBe(200);
    expect(response.headers?.['Cache-Control']).toBe('no-store');
    expect(await signedIn()).toBe(false);
    expect(await signedIn(phone)).toBe(false);
    expect(await signedIn(other)).toBe(true);
  });

  test('after another one ends the sessions of its own user, whatever the instance has seen before', async () => {
    const first = rp.provider.sub;
    const second = 'urn:fdc:gov.uk:2022:somebody-else';
    rp.provider.sub = second;
    const other = rp.browser();
    await rp.signIn(other);
    await rp.notify(rp.provider.logoutToken(clientId, { sub: first }));
    rp.clock.advance(1);
    rp.provider.sub = first;
    await rp.signIn(browser);
    await rp.notify(rp.provider.logoutToken(clientId, { sub: second }));
    expect([await signedIn(), await signedIn(other)]).toEqual([true, false]);
  });

  test('ends two hundred sessions', async () => {
    const browsers = Array.from({ length: 200 }, () => rp.browser());
    for (const each of browsers) await rp.signIn(each);
    await rp.notify(rp.provider.logoutToken(clientId));
    for (const each of browsers) expect(await signedIn(each)).toBe(false);
  });

  test('lets the user sign in again at once, also by SSO with an auth_time from before', async () => {
    await rp.notify(rp.provider.logoutToken(clientId));
    rp.clock.advance(1);
    rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['auth_time']) - 3_600 });
    await rp.signIn(browser);
    expect(await signedIn()).toBe(true);
  });

  test('ends what a notification before it that failed half way has left', async () => {
    const deleteAll = rp.sessions.deleteAll.bind(rp.sessions);
    rp.sessions.deleteAll = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    const failed = await rp.notify(rp.provider.logoutToken(clientId));
    expect(failed.statusCode).toBe(500);
    expect(JSON.parse(failed.body)).toMatchObject({ error: 'server_error' });
    rp.sessions.deleteAll = deleteAll;
    expect((await rp.notify(rp.provider.logoutToken(clientId))).statusCode).toBe(200);
    expect(await signedIn()).toBe(false);
  });

  test('for a user without a session succeeds all the same', async () => {
    const token = rp.provider.logoutToken(clientId, { sub: 'urn:fdc:gov.uk:2022:nobody' });
    expect((await rp.notify(token)).statusCode).toBe(200);
  });

  test.each([
    ['typ logout+jwt', { typ: 'logout+jwt' }],
    ['no typ', {}],
  ])('is accepted with %s', async (_, header) => {
    expect((await rp.notify(rp.provider.logoutToken(clientId, {}, header))).statusCode).toBe(200);
    expect(await signedIn()).toBe(false);
  });

  test('by a key that is used since the documents were stored is accepted, by a refresh of its own budget', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    await rp.store.claimRefresh('jwks', 'callback', rp.clock.now(), 30_000);
    expect((await rp.notify(rp.provider.logoutToken(clientId))).statusCode).toBe(200);
  });

  test('by a key that is not in a document fetched moments ago is refused', async () => {
    const key = createProviderSigningKey('of nobody');
    const token = () => rp.provider.sign({ ...readClaims(rp.provider.logoutToken(clientId)) }, {}, key);
    rp.provider.intercept = () => {
      rp.clock.advance(1);
      return undefined;
    };
    for (const _time of ['with a refresh', 'without one']) {
      const refused = await rp.notify(token());
      expect(refused.statusCode).toBe(400);
      expect(refused.body).toContain('logout_token_key_unknown');
    }
    expect(rp.provider.requests.filter(({ endpoint }) => endpoint === 'jwks')).toHaveLength(1);
  });

  test('by a key that could not be looked up is our failure, so that One Login tries again', async () => {
    rp.provider.published = [createProviderSigningKey('key-2'), ...rp.provider.published];
    rp.provider.intercept = ({ endpoint }) =>
      endpoint === 'jwks' ? Promise.resolve({ status: 500, headers: {}, body: '' }) : undefined;
    const failed = await rp.notify(rp.provider.logoutToken(clientId));
    const meanwhile = await rp.notify(rp.provider.logoutToken(clientId));
    expect([failed.statusCode, meanwhile.statusCode]).toEqual([500, 500]);
    expect(meanwhile.body).toContain('provider_document_unavailable');
    rp.provider.intercept = () => undefined;
    rp.clock.advance(2_000);
    expect((await rp.notify(rp.provider.logoutToken(clientId))).statusCode).toBe(200);
    expect(await signedIn()).toBe(false);
  });

  const nowPlus = (seconds: number) => Math.floor(rp.clock.now() / 1000) + seconds;
  const refusals: [string, () => string, string][] = [
    ['with a nonce', () => rp.provider.logoutToken(clientId, { nonce: 'x' }), 'logout_token_nonce_present'],
    [
      'without events',
      () => rp.provider.logoutToken(clientId, { events: undefined }),
      'logout_token_events_unexpected',
    ],
    [
      'with other events',
      () => rp.provider.logoutToken(clientId, { events: { x: {} } }),
      'logout_token_events_unexpected',
    ],
    [
      'of another typ',
      () => rp.provider.logoutToken(clientId, {}, { typ: 'at+jwt' }),
      'logout_token_typ_unexpected',
    ],
    ['for another client', () => rp.provider.logoutToken('another'), 'logout_token_aud_unexpected'],
    [
      'of another issuer',
      () => rp.provider.logoutToken(clientId, { iss: 'https://x/' }),
      'logout_token_iss_unexpected',
    ],
    [
      'that has expired',
      () => rp.provider.logoutToken(clientId, { exp: nowPlus(-31) }),
      'logout_token_expired',
    ],
    [
      'from the future',
      () => rp.provider.logoutToken(clientId, { iat: nowPlus(60) }),
      'logout_token_from_the_future',
    ],
    [
      'without a subject',
      () => rp.provider.logoutToken(clientId, { sub: undefined }),
      'logout_token_sub_invalid',
    ],
    [
      'without a jti',
      () => rp.provider.logoutToken(clientId, { jti: undefined }),
      'logout_token_jti_invalid',
    ],
    [
      'by an unknown key',
      () => rp.provider.logoutToken(clientId, {}, { kid: 'x' }),
      'logout_token_key_unknown',
    ],
    ['that is an ID token', idTokenInstead, 'logout_token_nonce_present'],
    ['that nobody signed', unsigned, 'logout_token_alg_unexpected'],
    ['signed by the public key as a secret', signedWithPublicKey, 'logout_token_alg_unexpected'],
    [
      'with another signature',
      () => `${rp.provider.logoutToken(clientId).slice(0, -8)}AAAAAAAA`,
      'logout_token_signature_invalid',
    ],
    ['that is no JWT', () => 'nonsense', 'logout_token_malformed'],
  ];

  test.each(refusals)('%s is refused with its own reason', async (_, token, reason) => {
    const response = await rp.notify(token());
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(response.body)).toEqual({
      error: 'invalid_request',
      error_description: expect.stringContaining(reason),
    });
    expect(await signedIn()).toBe(true);
    expect(rp.logLines.join('\n')).toContain(`"code":"${reason}"`);
  });

  test('logs no part of a token that it refuses', async () => {
    const token = rp.provider.logoutToken('another');
    await rp.notify(token);
    for (const part of token.split('.')) expect(rp.logLines.join('\n')).not.toContain(part);
  });

  test('that comes a second time is refused', async () => {
    const token = rp.provider.logoutToken(clientId);
    await rp.notify(token);
    rp.clock.advance(1);
    await rp.signIn(browser);
    const again = await rp.notify(token);
    expect(again.statusCode).toBe(400);
    expect(again.body).toContain('logout_token_replayed');
    expect(await signedIn()).toBe(true);
  });

  test.each([
    ['lives two minutes', 120],
    ['lives an hour', 3_600],
  ])('that %s is refused a second time for as long as it is valid', async (_, lifetime) => {
    const token = rp.provider.logoutToken(clientId, { exp: nowPlus(lifetime) });
    await rp.notify(token);
    rp.clock.advance((lifetime + 29) * 1000);
    expect((await rp.notify(token)).body).toContain('logout_token_replayed');
    rp.clock.advance(1000);
    expect((await rp.notify(token)).body).toContain('logout_token_expired');
  });

  test('is remembered for an hour, for a callback that takes its time', async () => {
    await rp.notify(rp.provider.logoutToken(clientId));
    const subjectKey = deriveSubjectKey(clientId, rp.provider.sub);
    const at = rp.clock.now();
    expect(await rp.sessions.readRevokedBefore([subjectKey], at + 3_599_999)).toBe(at);
    expect(await rp.sessions.readRevokedBefore([subjectKey], at + 3_600_000)).toBeUndefined();
  });

  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  test.each([
    ['two tokens', () => `logout_token=a&logout_token=${rp.provider.logoutToken(clientId)}`, form, 400],
    ['no token', () => 'x=y', form, 400],
    ['no body', () => '', form, 400],
    ['a megabyte', () => `logout_token=${'a'.repeat(1_000_000)}`, form, 413],
    [
      'JSON',
      () => JSON.stringify({ logout_token: rp.provider.logoutToken(clientId) }),
      { 'Content-Type': 'application/json' },
      415,
    ],
    ['no content type', () => `logout_token=${rp.provider.logoutToken(clientId)}`, {}, 415],
  ])('with %s is refused', async (_, body, headers, status) => {
    const options = { method: 'POST', headers: headers as Record<string, string>, body: body() };
    expect((await rp.browser().request('/auth/backchannel-logout', options)).statusCode).toBe(status);
    expect(await signedIn()).toBe(true);
  });
});

function idTokenInstead(): string {
  return rp.provider.sign({
    ...JSON.parse(Buffer.from(rp.provider.logoutToken(clientId).split('.')[1] ?? '', 'base64url').toString()),
    nonce: 'of-the-attempt',
    events: undefined,
  });
}

function unsigned(): string {
  const [, claims] = rp.provider.logoutToken(clientId).split('.');
  return `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${claims}.`;
}

function signedWithPublicKey(): string {
  const [, claims] = rp.provider.logoutToken(clientId).split('.');
  const input = `${Buffer.from('{"alg":"HS256","kid":"key-1"}').toString('base64url')}.${claims}`;
  const secret = JSON.stringify(rp.provider.published[0]?.jwk);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function readClaims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
