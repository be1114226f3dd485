import { beforeEach, describe, expect, test } from '@jest/globals';
import { type MetricName, metrics } from '../../../lambdas/telemetry/metrics.ts';
import { clientId, failWith } from '../../support/relying-party.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(() => start());

/** What was counted, without zeros, by name and dimension: `started login`. Measurements are left out. */
function readCounts(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of rp.parseLog().filter(({ _aws }) => _aws)) {
    for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics as { Name: MetricName }[]) {
        if (metrics[Name].unit !== 'Count' || Name === 'cold_starts' || line[Name] === 0) continue;
        for (const dimensions of Dimensions as string[][]) {
          const key = [Name, ...dimensions.slice(1).map((dimension) => line[dimension])].join(' ');
          sums[key] = (sums[key] ?? 0) + line[Name];
        }
      }
    }
  }
  return sums;
}

const started = (purpose: string) => ({ started: 1, [`started ${purpose}`]: 1 });
const returned = (purpose: string) => ({ ...started(purpose), returned: 1, [`returned ${purpose}`]: 1 });
const signedIn = (purpose: string) => ({ ...returned(purpose), signed_in: 1, [`signed_in ${purpose}`]: 1 });

describe('a journey', () => {
  test.each<[string, () => Promise<unknown>, Record<string, number>]>([
    [
      'started, returned and signed in, once, however often the browser comes back',
      async () => {
        const response = await rp.begin(browser);
        for (let i = 0; i < 3; i += 1) await rp.callback(browser, response);
      },
      signedIn('login'),
    ],
    [
      'its purpose and the outcome of an identity request',
      () => rp.complete(browser, '/auth/prove-identity'),
      { ...signedIn('prove-identity'), 'identity_checked proved': 1 },
    ],
    [
      'a sign-in when no user is signed in who could re-authenticate',
      () => rp.begin(browser, '', '/auth/reauthenticate'),
      started('login'),
    ],
    [
      'a refusal alone each time that One Login sends an error',
      async () => {
        const { state } = await rp.begin(browser);
        for (let i = 0; i < 2; i += 1) await rp.callback(browser, { error: 'access_denied', state });
      },
      { ...started('login'), 'refused caller': 2, 'refused authorization_access_denied': 2 },
    ],
    [
      'returned, and whose fault it is, when the code cannot be exchanged',
      async () => {
        const response = await rp.begin(browser);
        rp.signer.sign = failWith('kms_unavailable');
        await rp.callback(browser, response);
      },
      { ...returned('login'), sign_in_failed: 1, 'refused aws': 1, 'refused kms_unavailable': 1 },
    ],
    [
      'a claimed failure once, and each response with a 5xx status, when One Login claims errors in any number of callbacks of an attempt',
      async () => {
        const { state } = await rp.begin(browser);
        for (const error of ['server_error', 'server_error', 'invalid_request', 'unauthorized_client']) {
          expect((await rp.callback(browser, { error, state })).statusCode).toBeGreaterThanOrEqual(500);
        }
      },
      { ...started('login'), 'refused claimed': 1, 'refused authorization_server_error': 1, claimed_5xx: 4 },
    ],
    [
      'a claimed failure also when the attempt cannot be marked, with the same response',
      async () => {
        const { state } = await rp.begin(browser);
        rp.attempts.markFailed = failWith('dynamodb_unavailable');
        expect((await rp.callback(browser, { error: 'server_error', state })).statusCode).toBe(502);
      },
      { ...started('login'), 'refused claimed': 1, 'refused authorization_server_error': 1, claimed_5xx: 1 },
    ],
    [
      'no return for a made-up code',
      async () => {
        const { state } = await rp.begin(browser);
        await rp.callback(browser, { code: 'made-up', state });
      },
      { ...started('login'), 'refused caller': 1, 'refused token_grant_refused': 1 },
    ],
    [
      'no start of a robot, which follows the link without the headers of a browser',
      async () => {
        for (const headers of [{}, { 'Sec-Fetch-Mode': 'cors' }]) {
          expect((await browser.request('/auth/login', { headers })).statusCode).toBe(303);
        }
      },
      {},
    ],
    [
      'nothing for a stranger but the refusal',
      () => rp.callback(browser, { error: 'server_error', state: 'a'.repeat(43) }),
      { 'refused caller': 1, 'refused browser_cookie_missing': 1 },
    ],
    [
      'nothing more for a user who is signed in',
      async () => {
        await rp.signIn(browser);
        await browser.request('/auth/login');
      },
      signedIn('login'),
    ],
    [
      'its end once when a signed-in user signs out twice',
      async () => {
        await rp.signIn(browser);
        await rp.signOut(browser);
        await rp.signOut(browser);
      },
      { ...signedIn('login'), signed_out: 1 },
    ],
  ])('counts %s', async (_, act, counts) => {
    await act();
    expect(readCounts()).toEqual(counts);
  });

  test('counts zeros for the steps to come, so that an alarm can compare', async () => {
    await rp.begin(browser);
    expect(rp.parseLog()).toContainEqual(expect.objectContaining({ started: 1, returned: 0, signed_in: 0 }));
  });
});

describe('a notification of One Login', () => {
  test.each<[string, () => Promise<unknown>, Record<string, number>]>([
    [
      'accepted, with the sessions that ended',
      async () => {
        for (let i = 0; i < 2; i += 1) await rp.signIn(rp.browser());
        rp.logLines.splice(0);
        await rp.notify(rp.provider.logoutToken(clientId));
      },
      { logout_accepted: 1, sessions_ended: 2 },
    ],
    [
      'refused when its token is invalid',
      () => rp.notify('nonsense'),
      { logout_refused: 1, 'refused caller': 1, 'refused logout_token_malformed': 1 },
    ],
    [
      'lost when One Login has signed it, and its claims are not those we expect',
      () => rp.notify(rp.provider.logoutToken('another-client')),
      { logout_failed: 1, 'refused caller': 1, 'refused logout_token_aud_unexpected': 1 },
    ],
    [
      'refused when it is an ID token, which every user has of their own',
      () => rp.notify(rp.provider.logoutToken(clientId, { events: undefined, nonce: 'a-nonce' }, {})),
      { logout_refused: 1, 'refused caller': 1, 'refused logout_token_nonce_present': 1 },
    ],
    [
      'refused when another key has signed it under the key id of One Login',
      () => {
        const token = rp.provider.logoutToken('another-client');
        return rp.notify(token.replace(/[^.]*$/, rp.provider.logoutToken(clientId).split('.')[2] ?? ''));
      },
      { logout_refused: 1, 'refused caller': 1, 'refused logout_token_aud_unexpected': 1 },
    ],
  ])('counts as %s', async (_, act, counts) => {
    await act();
    expect(readCounts()).toEqual(counts);
  });
});
