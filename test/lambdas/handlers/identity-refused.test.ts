import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { identityClaimNames } from '../../../lambdas/core/one-login/identity-claims.ts';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Browser, locationOf } from '../../support/browser.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const { coreIdentityJwt, returnCode } = identityClaimNames;
const sessionLost = 'Access denied for security reasons, a new authentication request may be successful';

let rp: RelyingParty;
let browser: Browser;

/** @param claims what an identity request asks for */
async function start(claims: readonly string[], notProvedUrl?: string) {
  rp = await startRelyingParty({ claims, ...(notProvedUrl === undefined ? {} : { notProvedUrl }) });
  browser = rp.browser();
}

beforeEach(() => start([coreIdentityJwt], '/not-proved'));

const beginProving = (inBrowser = browser) =>
  rp.begin(inBrowser, '?return_to=/apply', '/auth/prove-identity');
const refuse = (state: string, error = 'access_denied', description?: string, inBrowser = browser) =>
  rp.callback(inBrowser, {
    error,
    ...(description === undefined ? {} : { error_description: description }),
    state,
  });
const identity = async () => (await rp.userinfo(browser)).body['identity'];
const lines = () => rp.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
const checks = () =>
  lines()
    .filter(({ action }) => action === 'identity_checked')
    .map(({ outcome, reason }) => [outcome, reason]);
const counted = () => lines().filter((line) => 'identity_checked' in line).length;

describe('access_denied to an identity request', () => {
  test('is recorded as not proved, once, and leads on to the configured page', async () => {
    await rp.signIn(browser);
    const cookie = browser.cookies.get(sessionCookieName);
    const { state } = await beginProving();
    expect(locationOf(await refuse(state))).toBe('/not-proved');
    expect(locationOf(await refuse(state))).toBe('/not-proved');
    expect(browser.cookies.get(sessionCookieName)).toBe(cookie);
    expect(await identity()).toEqual({
      outcome: 'not_proved',
      reason: 'access_denied',
      names: [],
      birth_dates: [],
      return_codes: [],
    });
    expect(checks()).toEqual([['not_proved', 'access_denied']]);
    expect(counted()).toBe(1);
  });

  test('shows our own page where none is configured', async () => {
    await start([coreIdentityJwt]);
    await rp.signIn(browser);
    const page = await refuse((await beginProving()).state);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('You could not prove your identity');
  });

  test('offers to try again when return codes were asked for, and is recorded as interrupted', async () => {
    await start([coreIdentityJwt, returnCode], '/not-proved');
    await rp.signIn(browser);
    const page = await refuse((await beginProving()).state);
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'interrupted' });
    expect(checks()).toEqual([['not_proved', 'interrupted']]);
  });

  test('that interrupted it does not lead to the configured page when the attempt has expired', async () => {
    await start([coreIdentityJwt, returnCode], '/not-proved');
    await rp.signIn(browser);
    const { state } = await beginProving();
    await refuse(state);
    for (let times = 0; times < 3; times += 1) {
      rp.clock.advance(2_700_000);
      await rp.userinfo(browser);
    }
    expect(locationOf(await refuse(state))).toBe('/apply');
  });

  test('offers to try again when One Login lost the session', async () => {
    await rp.signIn(browser);
    expect((await refuse((await beginProving()).state, 'access_denied', sessionLost)).statusCode).toBe(403);
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'interrupted' });
  });

  test('offers to try again when nobody is signed in', async () => {
    expect((await refuse((await beginProving()).state)).statusCode).toBe(403);
    expect(checks()).toEqual([]);
  });

  test('is not recorded for another user than the one who asked', async () => {
    await rp.signIn(browser);
    const { state } = await beginProving();
    browser.cookies.delete(sessionCookieName);
    rp.provider.sub = 'urn:fdc:gov.uk:2022:somebody-else';
    await rp.signIn(browser);
    expect((await refuse(state)).statusCode).toBe(403);
    expect(await identity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('is not recorded for a user who signed in while nobody had asked', async () => {
    const { state } = await beginProving();
    await rp.signIn(browser);
    expect((await refuse(state)).statusCode).toBe(403);
    expect(await identity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('in one tab leaves an identity that was proved in another, and leads on', async () => {
    await rp.signIn(browser);
    const [first, second] = [await beginProving(), await beginProving()];
    await rp.callback(browser, first);
    expect(locationOf(await refuse(second.state))).toBe('/apply');
    expect(await identity()).toMatchObject({ outcome: 'proved', vot: 'P2' });
    expect(checks()).toEqual([['proved', undefined]]);
  });

  test('does not replace the outcome of a later request', async () => {
    await start([coreIdentityJwt], '/not-proved');
    rp.provider.coreIdentity = undefined;
    rp.provider.userinfo = { [returnCode]: [{ code: 'A' }] };
    await rp.signIn(browser);
    const { state } = await beginProving();
    rp.clock.advance(1_000);
    await rp.callback(browser, await beginProving());
    await refuse(state);
    expect(await identity()).toMatchObject({ reason: 'absent', return_codes: ['A'] });
  });

  test('replaces the interruption of the older tab, which came under the same state', async () => {
    await rp.signIn(browser);
    const { state } = await beginProving();
    expect((await refuse(state, 'access_denied', sessionLost)).statusCode).toBe(403);
    expect(locationOf(await refuse(state))).toBe('/not-proved');
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'access_denied' });
    await refuse(state, 'access_denied', sessionLost);
    expect(await identity()).toMatchObject({ reason: 'access_denied' });
    expect(checks()).toEqual([
      ['not_proved', 'interrupted'],
      ['not_proved', 'access_denied'],
    ]);
  });

  test('does not bring back a session that is signed out meanwhile', async () => {
    await rp.signIn(browser);
    const { state } = await beginProving();
    const { replaceContents } = rp.sessions;
    rp.sessions.replaceContents = async (before, contents) => {
      await rp.sessions.delete(before.key);
      return replaceContents.call(rp.sessions, before, contents);
    };
    await refuse(state);
    expect((await rp.userinfo(browser)).status).toBe(401);
    expect(checks()).toEqual([]);
  });

  test('that can not be recorded is told as our fault, and may be loaded again', async () => {
    await rp.signIn(browser);
    const { state } = await beginProving();
    const { replaceContents } = rp.sessions;
    rp.sessions.replaceContents = async () => {
      throw new RelyingPartyError('dynamodb_unavailable', 'UpdateItem of a session');
    };
    const page = await refuse(state);
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    rp.sessions.replaceContents = replaceContents;
    expect(locationOf(await refuse(state))).toBe('/not-proved');
    expect(await identity()).toMatchObject({ reason: 'access_denied' });
  });

  test('is kept by a re-authentication, and gone after a sign-in', async () => {
    await rp.signIn(browser);
    await refuse((await beginProving()).state);
    await rp.callback(browser, await rp.begin(browser, '', '/auth/reauthenticate'));
    expect(await identity()).toMatchObject({ outcome: 'not_proved', reason: 'access_denied' });
  });

  test('does not consume the attempt: its code is still taken', async () => {
    await rp.signIn(browser);
    const response = await beginProving();
    await refuse(response.state);
    expect(locationOf(await rp.callback(browser, response))).toBe('/apply');
    expect(await identity()).toMatchObject({ outcome: 'proved' });
  });
});

describe('temporarily_unavailable to an identity request', () => {
  test('says that no identity can be proved at the moment, and leaves the user signed in', async () => {
    await rp.signIn(browser);
    const page = await refuse((await beginProving()).state, 'temporarily_unavailable');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('You cannot prove your identity at the moment');
    expect(page.body).toContain('/auth/prove-identity?return_to=%2Fapply');
    expect(await identity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('says it in Welsh', async () => {
    const { state } = await rp.begin(browser, '?lang=cy', '/auth/prove-identity');
    const page = await refuse(state, 'temporarily_unavailable');
    expect(page.body).toContain('Ni allwch brofi pwy ydych chi ar hyn o bryd');
  });
});
