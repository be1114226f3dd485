import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { type MetricName, metrics } from '../../../lambdas/telemetry/metrics.ts';
import { clientId, type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;

beforeEach(async () => {
  rp = await startRelyingParty();
});

/** What was counted, without zeros, by name and dimension: `started login`. Measurements are left out. */
function counted(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of rp.logLines.map((text) => JSON.parse(text)).filter(({ _aws }) => _aws)) {
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

describe('a journey is counted', () => {
  test('as started, returned and signed in', async () => {
    await rp.signIn(rp.browser());
    expect(counted()).toEqual({
      started: 1,
      'started login': 1,
      returned: 1,
      'returned login': 1,
      signed_in: 1,
      'signed_in login': 1,
    });
  });

  test('by purpose, and by what came of an identity request', async () => {
    const browser = rp.browser();
    await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
    expect(counted()).toMatchObject({
      'started prove-identity': 1,
      'returned prove-identity': 1,
      'signed_in prove-identity': 1,
    });
    expect(Object.keys(counted()).filter((key) => key.startsWith('identity_checked'))).toHaveLength(1);
  });

  test('as a sign-in when somebody who is not signed in is to sign in once more', async () => {
    await rp.begin(rp.browser(), '', '/auth/reauthenticate');
    expect(counted()).toEqual({ started: 1, 'started login': 1 });
  });

  test('by the reason alone when One Login sends an error, however often it is shown again', async () => {
    const browser = rp.browser();
    const { state = '' } = await rp.begin(browser);
    await rp.callback(browser, { error: 'access_denied', state });
    await rp.callback(browser, { error: 'access_denied', state });
    expect(counted()).toEqual({
      started: 1,
      'started login': 1,
      'refused caller': 2,
      'refused authorization_access_denied': 2,
    });
  });

  test('as returned only, by whose fault it is, when the code can not be exchanged', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser);
    rp.signer.sign = () => Promise.reject(new RelyingPartyError('kms_unavailable', 'down'));
    await rp.callback(browser, response);
    expect(counted()).toMatchObject({ returned: 1, 'refused aws': 1, 'refused kms_unavailable': 1 });
    expect(counted()).not.toHaveProperty('signed_in');
  });

  test('once, however often the browser comes back', async () => {
    const browser = rp.browser();
    const response = await rp.begin(browser);
    for (let i = 0; i < 3; i += 1) await rp.callback(browser, response);
    expect(counted()).toMatchObject({ returned: 1, signed_in: 1 });
  });

  test('not at all for strangers, and for those who are signed in already', async () => {
    await rp.callback(rp.browser(), { code: 'made-up', state: 'a'.repeat(43) });
    await rp.callback(rp.browser(), { error: 'server_error', state: 'a'.repeat(43) });
    const browser = rp.browser();
    await rp.signIn(browser);
    rp.logLines.splice(0);
    await browser.request('/auth/login');
    expect(counted()).toEqual({});
  });

  test('with zeros for what has not happened, so that an alarm can compare', async () => {
    await rp.begin(rp.browser());
    const lines = rp.logLines.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ started: 1, returned: 0, signed_in: 0 }));
  });

  test('to its end at sign-out, when somebody was signed in', async () => {
    const browser = rp.browser();
    await rp.signIn(browser);
    rp.logLines.splice(0);
    const ownPage = { headers: { 'Sec-Fetch-Site': 'same-origin' } };
    await browser.request('/auth/logout', ownPage);
    await browser.request('/auth/logout', ownPage);
    expect(counted()).toEqual({ signed_out: 1 });
  });
});

describe("One Login's notifications are counted", () => {
  test('as accepted, with the sessions that ended', async () => {
    for (const browser of [rp.browser(), rp.browser()]) await rp.signIn(browser);
    rp.logLines.splice(0);
    await rp.notify(rp.provider.logoutToken(clientId));
    expect(counted()).toEqual({ logout_accepted: 1, sessions_ended: 2 });
  });

  test('as refused when they are not to be believed', async () => {
    await rp.notify('nonsense');
    expect(counted()).toEqual({
      logout_refused: 1,
      'refused caller': 1,
      'refused logout_token_malformed': 1,
    });
  });

  test('as failed when it is not their fault', async () => {
    rp.sessions.markRevoked = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    await rp.notify(rp.provider.logoutToken(clientId));
    expect(counted()).toEqual({ logout_failed: 1, 'refused aws': 1, 'refused dynamodb_unavailable': 1 });
  });
});

describe('a cold start', () => {
  test('is counted with the first request of an instance of a function only', async () => {
    for (let i = 0; i < 3; i += 1) await rp.browser().request('/auth/userinfo');
    const lines = rp.logLines.map((line) => JSON.parse(line));
    expect(lines.flatMap(({ cold_starts: starts }) => starts ?? [])).toEqual([1]);
  });
});
