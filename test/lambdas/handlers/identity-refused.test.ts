import { beforeEach, describe, expect, test } from '@jest/globals';
import { identityClaimNames } from '../../../lambdas/core/one-login/identity-claims.ts';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { failWith, somebodyElse } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

const { coreIdentityJwt, returnCode } = identityClaimNames;
const sessionLost = 'Access denied for security reasons, a new authentication request may be successful';

beforeEach(() => start({ claims: [coreIdentityJwt], notProvedUrl: '/not-proved' }));

const beginProving = (query = '?return_to=/apply') => rp.begin(browser, query, '/auth/prove-identity');
/** Signs in and begins an identity request. @returns its state */
async function beginSignedIn(): Promise<string> {
  await rp.signIn(browser);
  return (await beginProving()).state;
}
const refuse = (state: string, error = 'access_denied', description?: string) =>
  rp.callback(browser, {
    error,
    ...(description === undefined ? {} : { error_description: description }),
    state,
  });
const identity = async () => (await rp.userinfo(browser)).body['identity'];
const checks = () =>
  rp
    .parseLog()
    .filter(({ action }) => action === 'identity_checked')
    .map(({ outcome, reason }) => [outcome, reason]);

describe('access_denied to an identity request', () => {
  // id: refused-identity-recorded
  test('is recorded as not proved, once, and redirects to the configured page', async () => {
    const state = await beginSignedIn();
    const cookie = browser.cookies.get(sessionCookieName);
    expect(readLocation(await refuse(state))).toBe('/not-proved');
    expect(readLocation(await refuse(state))).toBe('/not-proved');
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect(await identity()).toEqual({
      outcome: 'not_proved',
      reason: 'access_denied',
      names: [],
      birth_dates: [],
      return_codes: [],
    });
    expect(checks()).toEqual([['not_proved', 'access_denied']]);
    expect(rp.parseLog().filter((line) => 'identity_checked' in line)).toHaveLength(1);
  });

  test('shows our own page where none is configured', async () => {
    await start({ claims: [coreIdentityJwt] });
    const page = await refuse(await beginSignedIn());
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('You could not prove your identity');
  });

  test.each([
    ['return codes were requested', [coreIdentityJwt, returnCode], undefined],
    ['One Login lost the session', [coreIdentityJwt], sessionLost],
  ])('offers to try again and is recorded as interrupted when %s', async (_, claims, description) => {
    await start({ claims, notProvedUrl: '/not-proved' });
    const page = await refuse(await beginSignedIn(), 'access_denied', description);
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'interrupted' });
    expect(checks()).toEqual([['not_proved', 'interrupted']]);
  });

  test('that interrupted an expired attempt redirects to the wanted page', async () => {
    await start({ claims: [coreIdentityJwt, returnCode], notProvedUrl: '/not-proved' });
    const state = await beginSignedIn();
    await refuse(state);
    for (let times = 0; times < 3; times += 1) {
      rp.clock.advance(2_700_000);
      await rp.userinfo(browser);
    }
    expect(readLocation(await refuse(state))).toBe('/apply');
  });

  test('offers to try again when the session has ended', async () => {
    const state = await beginSignedIn();
    rp.clock.advance(3_600_000);
    expect((await refuse(state)).statusCode).toBe(403);
    expect(checks()).toEqual([]);
  });

  test('offers to try again when the user is not signed in', async () => {
    expect((await refuse((await beginProving()).state)).statusCode).toBe(403);
    expect(checks()).toEqual([]);
  });

  test.each([
    ['another user than the one who began', true],
    ['a user who signed in later', false],
  ])('is not recorded for %s', async (_, anotherAsked) => {
    const state = anotherAsked ? await beginSignedIn() : (await beginProving()).state;
    browser.cookies.delete(sessionCookieName);
    rp.provider.sub = somebodyElse;
    await rp.signIn(browser);
    expect((await refuse(state)).statusCode).toBe(403);
    expect(await identity()).toMatchObject({ outcome: 'not_requested' });
  });

  // id: refusal-keeps-proved-identity
  test('in one tab keeps an identity that was proved in another, and redirects', async () => {
    await rp.signIn(browser);
    const [first, second] = [await beginProving(), await beginProving()];
    await rp.callback(browser, first);
    expect(readLocation(await refuse(second.state))).toBe('/apply');
    expect(await identity()).toMatchObject({ outcome: 'proved', vot: 'P2' });
    expect(checks()).toEqual([['proved', undefined]]);
  });

  test('does not replace the outcome of a later request', async () => {
    rp.provider.coreIdentity = undefined;
    rp.provider.userinfo = { [returnCode]: [{ code: 'A' }] };
    const state = await beginSignedIn();
    rp.clock.advance(1_000);
    await rp.callback(browser, await beginProving());
    await refuse(state);
    expect(await identity()).toMatchObject({ reason: 'absent', return_codes: ['A'] });
  });

  test('replaces the outcome of an earlier request', async () => {
    await refuse(await beginSignedIn());
    rp.clock.advance(1_000);
    await refuse((await beginProving()).state, 'access_denied', sessionLost);
    expect(await identity()).toMatchObject({ reason: 'interrupted' });
  });

  test('is recorded once as interrupted, however often it is loaded', async () => {
    const state = await beginSignedIn();
    for (let times = 0; times < 2; times += 1) await refuse(state, 'access_denied', sessionLost);
    expect(checks()).toEqual([['not_proved', 'interrupted']]);
  });

  test('replaces the interruption of the older tab, which came under the same state', async () => {
    const state = await beginSignedIn();
    expect((await refuse(state, 'access_denied', sessionLost)).statusCode).toBe(403);
    expect(readLocation(await refuse(state))).toBe('/not-proved');
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'access_denied' });
    await refuse(state, 'access_denied', sessionLost);
    expect(await identity()).toMatchObject({ reason: 'access_denied' });
    expect(checks()).toEqual([
      ['not_proved', 'interrupted'],
      ['not_proved', 'access_denied'],
    ]);
  });

  test('does not bring back a session that is signed out meanwhile', async () => {
    const state = await beginSignedIn();
    const { replaceContents } = rp.sessions;
    rp.sessions.replaceContents = async (before, contents) => {
      await rp.sessions.delete(before.key);
      return replaceContents.call(rp.sessions, before, contents);
    };
    await refuse(state);
    expect((await rp.userinfo(browser)).status).toBe(401);
    expect(checks()).toEqual([]);
  });

  test('that cannot be recorded is shown as our fault, and can be loaded again', async () => {
    const state = await beginSignedIn();
    const { replaceContents } = rp.sessions;
    rp.sessions.replaceContents = failWith('dynamodb_unavailable');
    const page = await refuse(state);
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    rp.sessions.replaceContents = replaceContents;
    expect(readLocation(await refuse(state))).toBe('/not-proved');
    expect(await identity()).toMatchObject({ reason: 'access_denied' });
  });

  test('is kept by a re-authentication', async () => {
    await refuse(await beginSignedIn());
    await rp.complete(browser, '/auth/reauthenticate');
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'access_denied' });
  });

  test('does not consume the attempt, whose code is still accepted', async () => {
    await rp.signIn(browser);
    const response = await beginProving();
    await refuse(response.state);
    expect(readLocation(await rp.callback(browser, response))).toBe('/apply');
    expect(await identity()).toMatchObject({ outcome: 'proved' });
  });
});

describe('temporarily_unavailable to an identity request', () => {
  test.each([
    ['en', 'You cannot prove your identity at the moment'],
    ['cy', 'Ni allwch brofi pwy ydych chi ar hyn o bryd'],
  ])('shows in %s that no identity can be proved and keeps the user signed in', async (language, heading) => {
    await rp.signIn(browser);
    const { state } = await beginProving(`?return_to=/apply&lang=${language}`);
    const page = await refuse(state, 'temporarily_unavailable');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain(heading);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    expect(await identity()).toMatchObject({ outcome: 'not_requested' });
  });
});
