import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Expectations, Observations } from '../../../bin/doctor/check.ts';
import { type CheckResult, checks, examine, judge } from '../../../bin/doctor/examine.ts';
import { observe } from '../../../bin/doctor/observe.ts';
import { formatResultsAsJson, formatResultsAsText } from '../../../bin/doctor/print-report.ts';
import type { TlsObservation } from '../../../bin/doctor/tls-observation.ts';
import { createNetwork } from '../../../bin/doctor/transport.ts';
import { buildUserAgent } from '../../../lib/functions/user-agent.ts';
import type { LocalEnvironment } from '../../../local/environment.ts';
import { standInProvider } from '../../../local/provider.ts';
import { configFileWith, runCommand } from '../../support/command.ts';
import { startTestEnvironment } from '../../support/environment.ts';
import { journeysConfig } from '../../support/journeys-config.ts';
import { makePublishedKey } from '../../support/published-key.ts';
import {
  ago,
  type Fault,
  identitySentBack,
  isOurs,
  network,
  onOurs,
  onTheirs,
  ourKey,
  requestClaims,
  slowOnce,
  withHeader,
} from './doctor-answers.ts';
import { faults, login } from './doctor-faults.ts';

let environment: LocalEnvironment;
let expected: Expectations;
let observed: Observations;

beforeAll(async () => {
  environment = await startTestEnvironment({ config: journeysConfig });
  const { publicUrl, standIn } = environment;
  const provider = standInProvider(Number(new URL(standIn?.url ?? '').port));
  const config = { ...journeysConfig, publicUrl, provider };
  expected = { config, publicUrl, userAgent: buildUserAgent(publicUrl) };
  observed = await observe(expected, createNetwork());
}, 60_000);

afterAll(() => environment.close());

const findIds = (status: string, results: readonly CheckResult[]) =>
  results.filter((result) => result.status === status).map(({ id }) => id);
const failed = (results: readonly CheckResult[]) => findIds('fail', results);
const warned = (results: readonly CheckResult[]) => findIds('warn', results);
const findStatus = (results: readonly CheckResult[], check: string) =>
  results.find(({ id }) => id === check)?.status;

describe('the doctor', () => {
  test('finds no fault in the local environment', async () => {
    const results = await examine(expected, createNetwork());

    expect(results.filter(({ status }) => status !== 'pass')).toEqual([
      expect.objectContaining({ id: 'tls', status: 'skip', found: 'http, on this machine' }),
      expect.objectContaining({ id: 'firewall-page', status: 'skip' }),
    ]);
  });

  test('runs as a command with an exit code', async () => {
    const file = configFileWith({ ...expected.config });
    const elsewhere = configFileWith({ publicUrl: `${environment.url}/nowhere/auth` });

    const good = await runCommand('doctor', '--config', file, '--json');
    const bad = await runCommand('doctor', '--config', elsewhere);

    expect([good.code, JSON.parse(good.out).good]).toEqual([0, true]);
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('fail  jwks-answer: ');
  });

  test('leaves only one attempt for each kind of request', async () => {
    const countRows = async () =>
      Object.values(await environment.dynamodb.dump()).map((items) => items.length);
    const before = await countRows();
    await examine(expected, createNetwork());
    const after = await countRows();

    expect(after.reduce((sum, count) => sum + count, 0)).toBe(
      before.reduce((sum, count) => sum + count, 0) + 2 + journeysConfig.journeys.length,
    );
  });

  test.each(faults)('fails the check %s only for %s', async (check, _, fault) => {
    expect(failed(await examine(expected, network(fault)))).toEqual([check]);
  });

  test('skips the identity request when One Login has no capacity, and for a deployment without identities', async () => {
    const busy = identitySentBack({ error: 'temporarily_unavailable' });
    const { identity: _, ...config } = { ...expected.config, journeys: [] };

    for (const results of [
      await examine(expected, network(busy)),
      await judge(observed, { ...expected, config }),
    ]) {
      expect(findStatus(results, 'identity-registration')).toBe('skip');
    }
  });

  test('passes a request object with unchanged claims that was signed again', async () => {
    const results = await examine(expected, network(requestClaims({})));

    expect(findStatus(results, 'request-object')).toBe('pass');
  });

  test('fails the check redirect-uri only for a deployment with another public URL', async () => {
    const publicUrl = expected.publicUrl.replace('localhost', '127.0.0.1');

    expect(failed(await examine({ ...expected, publicUrl }, createNetwork()))).toEqual(['redirect-uri']);
  });

  test('fails the check jwks-answer only for a deployment without https', async () => {
    const config = { ...expected.config, environment: 'integration' } as const;

    expect(failed(await examine({ ...expected, config }, createNetwork()))).toEqual(['jwks-answer']);
  });

  test.each([
    ['CloudFront', { cloudFront: { originSecrets: ['first'] } }],
    ['a domain', { domain: { name: 'service.example' } }],
  ])('fails the check own-address only for an API that can be reached without %s', async (_, front) => {
    const apiUrl = expected.publicUrl.replace('localhost', '127.0.0.1');
    const behind = { ...expected, config: { ...expected.config, ...front }, apiUrl };
    const refusing = network((_, url) => (url.href.startsWith(apiUrl) ? { status: 403 } : undefined));
    const refused = await examine(behind, refusing);
    const unknown = await judge(observed, { ...expected, config: behind.config });

    expect(failed(await examine(behind, createNetwork()))).toEqual(['own-address']);
    expect([failed(refused), findStatus(refused, 'own-address')]).toEqual([[], 'pass']);
    expect(findStatus(unknown, 'own-address')).toBe('skip');
  });

  test.each<readonly [string, TlsObservation]>([
    ['no handshake', { failure: 'connect ECONNREFUSED', acceptsOld: false }],
    [
      'an untrusted certificate',
      { protocol: 'TLSv1.3', untrusted: 'SELF_SIGNED', validTo: inDays(90), acceptsOld: false },
    ],
    ['a certificate that ends soon', { protocol: 'TLSv1.3', validTo: inDays(6), acceptsOld: false }],
    ['an old TLS as well', { protocol: 'TLSv1.3', validTo: inDays(90), acceptsOld: true }],
    ['an old TLS only', { protocol: 'TLSv1.1', validTo: inDays(90), acceptsOld: false }],
  ])('fails the check tls only for %s', async (_, observation) => {
    expect(failed(await judge({ ...observed, tls: observation }, expected))).toEqual(['tls']);
  });

  test('passes TLS 1.3 with a certificate of more than a month, and warns of a shorter one', async () => {
    const observation = { protocol: 'TLSv1.3', acceptsOld: false };
    const lasting = (days: number) => ({ ...observed, tls: { ...observation, validTo: inDays(days) } });
    const good = await judge(lasting(90), expected);
    const soon = await judge(lasting(20), expected);

    expect([failed(good), warned(good)]).toEqual([[], []]);
    expect([failed(soon), warned(soon)]).toEqual([[], ['tls']]);
  });

  test.each<readonly [string, Fault]>([
    ['discovery', onTheirs('openid-configuration', (a) => withHeader(a, 'age', '90000'))],
    ['provider-jwks', onTheirs('jwks.json', (a) => withHeader(a, 'age', '90000'))],
    ['did-document', onTheirs('did.json', (a) => withHeader(a, 'cache-control', 'private'))],
    ['jwks-answer', slowOnce('jwks.json')],
    ['jwks-keys', ourKey((jwk) => [jwk, { ...jwk, kid: 'another' }])],
    ['clock', (a, url) => (isOurs(url) ? undefined : withHeader(a, 'date', ago(10)))],
  ])('warns by the check %s only', async (check, fault) => {
    const results = await examine(expected, network(fault));

    expect([failed(results), warned(results)]).toEqual([[], [check]]);
  });

  test('expects the keys of other systems that the config has', async () => {
    const { jwk } = makePublishedKey({ alg: 'PS512' });
    const moving = { ...expected, config: { ...expected.config, publishedKeys: [jwk] } };
    const withKey = (changes: object) => ourKey((own) => [own, { ...jwk, use: 'sig', ...changes }]);
    const examineKeys = async (fault?: Fault) =>
      (await examine(moving, network(fault ?? (() => undefined)))).find(({ id }) => id === 'jwks-keys');

    expect(await examineKeys(withKey({}))).toMatchObject({
      status: 'pass',
      found: '2 keys, 1 of them of another system',
    });
    expect(await examineKeys()).toMatchObject({
      status: 'warn',
      found: 'it does not have these keys of publishedKeys: old-2024',
    });
    expect(await examineKeys(withKey({ n: makePublishedKey().jwk.n }))).toMatchObject({ status: 'warn' });
    expect(await examineKeys(withKey({ alg: 'PS256' }))).toMatchObject({
      status: 'fail',
      found: 'key 2: its alg is not PS512',
    });
    expect(
      await examineKeys(ourKey((own) => [own, { ...jwk, use: 'sig' }, { ...own, kid: 'x' }])),
    ).toMatchObject({
      status: 'warn',
      found: 'it has 3 keys, the config has 1 in publish or sign and 1 in publishedKeys',
    });
  });

  test('looks up the host name of the public URL once when it has no address', async () => {
    const { send } = createNetwork();
    const publicUrl = 'https://no-such-service.invalid/auth';
    let requests = 0;
    const results = await examine(
      { ...expected, publicUrl },
      {
        send: async (probe) => {
          if (!probe.url.startsWith(publicUrl)) return send(probe);
          requests += 1;
          return { url: probe.url, failure: 'ENOTFOUND getaddrinfo ENOTFOUND no-such-service.invalid' };
        },
        tls: () => Promise.reject(new Error('the name has no address')),
      },
    );

    expect([requests, failed(results)]).toEqual([1, ['host-name']]);
    expect(findStatus(results, 'callback')).toBe('skip');
    expect(findStatus(results, 'discovery')).toBe('pass');
  });

  test('expects the page of the firewall where the config has its rules', async () => {
    const firewall = { managedRuleGroups: ['AWSManagedRulesCommonRuleSet'], rateLimits: {} };
    const config = { ...expected.config, firewall } as unknown as Expectations['config'];
    const examineFirewall = async (fault: Fault) =>
      findStatus(await examine({ ...expected, config }, network(fault)), 'firewall-page');
    const page = { status: 403, body: '<meta http-equiv="Content-Security-Policy">' };

    expect(await examineFirewall((_, url) => (url.search.includes('script') ? page : undefined))).toBe(
      'pass',
    );
    expect(await examineFirewall(() => undefined)).toBe('fail');
  });

  test('reports how to repair a fault, and skips the checks that depend on it', async () => {
    const results = await examine(expected, network(onOurs(login, () => ({ status: 404 }))));
    const text = formatResultsAsText(expected.publicUrl, results);
    const json = JSON.parse(formatResultsAsJson(expected.publicUrl, results));

    expect(text).toContain('fail  login: A sign-in redirects to One Login');
    expect(text).toContain(`→ It should redirect. 404: ${expected.publicUrl} does not reach the API.`);
    expect(text).toContain('first solve login');
    expect(json).toMatchObject({ good: false, counts: { fail: 1, warn: 0 } });
    expect(json.checks.map(({ id }: { id: string }) => id)).toEqual(checks.map(({ id }) => id));
  });

  test('has a fault in these tests for each of its checks', () => {
    const seen = new Set([
      ...faults.map(([check]) => check),
      ...['redirect-uri', 'tls', 'own-address', 'host-name', 'firewall-page'],
    ]);

    expect(checks.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });
});

function inDays(days: number): number {
  return Date.now() + days * 24 * 60 * 60 * 1000 + 60_000;
}
