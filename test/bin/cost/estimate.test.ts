import { describe, expect, it } from '@jest/globals';
import { countedSteps } from '../../../bin/cost/counted-steps.ts';
import {
  assumptions,
  type CostLine,
  countSteps,
  defaultVisit,
  estimateCost,
  estimateTraffic,
  type Traffic,
} from '../../../bin/cost/estimate.ts';
import { type PriceName, type Prices, priceNames } from '../../../bin/cost/prices.ts';
import { formatEstimateAsText } from '../../../bin/cost/print-estimate.ts';
import { measureTemplate } from '../../../bin/cost/template-usage.ts';
import { accessLogFormat } from '../../../lib/api/access-log.ts';
import { buildTestConfig, readTemplate } from '../../infra/synthesise.ts';

const template = measureTemplate(readTemplate(buildTestConfig('production.example')));

/** Builds prices of 1, except the given ones. */
function buildPrices(special: Partial<Record<PriceName, number>> = {}): Prices {
  const prices = priceNames.map((name) => [
    name,
    { price: special[name] ?? 1, per: 1, what: name, source: 'this test' },
  ]);
  return { region: 'eu-west-2', currency: 'USD', prices: Object.fromEntries(prices) };
}

const nothing: Traffic = {
  signIns: 0,
  requestsPerSession: 0,
  extensionsPerSession: 0,
  identityShare: 0,
  signOutShare: 0,
};
const findQuantity = (lines: readonly CostLine[], name: PriceName) =>
  lines.find((line) => line.name === name)?.quantity;

describe('estimateCost', () => {
  it('counts two requests, three invocations and two signatures for each sign-in', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1_000 }, template, buildPrices());
    expect(findQuantity(traffic, 'apiRequest')).toBe(2_000);
    expect(findQuantity(traffic, 'invocation')).toBe(3_000);
    expect(findQuantity(traffic, 'signature')).toBe(2_000);
    expect(findQuantity(traffic, 'writeUnit')).toBe(1_000 * countedSteps['sign in'].writeUnits);
    expect(findQuantity(traffic, 'readUnit')).toBe(1_000 * countedSteps['sign in'].readUnits);
  });

  it('multiplies the time of each function by its memory', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1 }, template, buildPrices());
    const { login, callback, 'collect-audit': audit } = assumptions.duration;
    const { memory } = template;
    const megabyteMilliseconds =
      memory.login * login + memory.callback * callback + memory['collect-audit'] * audit;
    expect(findQuantity(traffic, 'gigabyteSecond')).toBeCloseTo(megabyteMilliseconds / 1024 / 1000, 10);
  });

  it('counts the logs of functions, Lambda and API Gateway once to write and for months to keep', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1_000_000 }, template, buildPrices());
    const { platformLogBytes, accessLogBytes, logMonths } = assumptions;
    const bytes = countedSteps['sign in'].logBytes + 3 * platformLogBytes + 2 * accessLogBytes;
    expect(findQuantity(traffic, 'logGigabyte')).toBeCloseTo(bytes / 1_000, 10);
    expect(findQuantity(traffic, 'logGigabyteMonth')).toBeCloseTo((bytes * logMonths) / 1_000, 10);
  });

  it('counts no lines of Lambda for userinfo, which does not log them', () => {
    const visits = { ...nothing, signIns: 1_000_000 };
    const asking = estimateCost({ ...visits, requestsPerSession: 1 }, template, buildPrices());
    const silent = estimateCost(visits, template, buildPrices());
    const bytes = countedSteps['read userinfo'].logBytes + assumptions.accessLogBytes;
    expect(
      (findQuantity(asking.traffic, 'logGigabyte') ?? 0) - (findQuantity(silent.traffic, 'logGigabyte') ?? 0),
    ).toBeCloseTo(bytes / 1_000, 10);
  });

  it('assumes the length of a line of the access log', () => {
    const values: Readonly<Record<string, string>> = {
      requestTimeEpoch: '1790000000000',
      requestId: '00000000-0000-4000-8000-000000000001',
      'identity.sourceIp': '2001:db8:1234:5678:9abc:def0:1234:5678',
      resourcePath: '/auth/userinfo',
      'error.responseType': '-',
      httpMethod: 'GET',
    };
    const line = accessLogFormat
      .toString()
      .replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => values[name] ?? '200');
    expect(Math.abs(line.length - assumptions.accessLogBytes)).toBeLessThan(10);
  });

  it('divides the price by the number that it is for', () => {
    const prices = buildPrices({ signature: 3 });
    const { prices: each } = prices;
    const perThousand = { ...prices, prices: { ...each, signature: { ...each.signature, per: 1_000 } } };
    const { traffic } = estimateCost({ ...nothing, signIns: 500 }, template, perThousand);
    expect(traffic.find(({ name }) => name === 'signature')?.cost).toBe(3);
  });

  it.each([
    ['as long as it is active', 30, 60, 2],
    ['more often with a short idle time', 30, 30, 5],
    ['not more often than its requests', 600, 30, 20],
    ['never in a short visit', 5, 60, 0],
  ])('counts writes of the idle time %s', (_, minutes, idleMinutes, times) => {
    const { extensionsPerSession } = estimateTraffic(1, { ...defaultVisit, minutes }, idleMinutes);
    expect(extensionsPerSession).toBe(times);
  });

  it('counts every step as often as users do it', () => {
    const visits = {
      signIns: 100,
      requestsPerSession: 20,
      extensionsPerSession: 5,
      identityShare: 0.1,
      signOutShare: 0.5,
    };
    expect(countSteps(visits)).toEqual({
      'sign in': 100,
      'prove identity': 10,
      'read userinfo': 2_000,
      'keep the session alive': 500,
      'sign out': 50,
      // Each authentication of a session at One Login is notified on its own.
      'be notified of a sign-out': expect.closeTo(55, 10),
    });
  });
});

describe('formatEstimateAsText', () => {
  it('prints the total with its region, and advises to check the prices', () => {
    const prices = buildPrices();
    const text = formatEstimateAsText(
      estimateCost({ ...nothing, signIns: 50_000 }, template, prices),
      prices,
      50_000,
    );
    expect(text).toContain('With 50,000 sign-ins a month\n');
    expect(text).toMatch(
      /^Total: USD \d+\.\d\d a month, with prices of eu-west-2, without free tiers and tax\.$/m,
    );
    expect(text).toContain('check the AWS price list');
  });
});

describe('measureTemplate', () => {
  const withResources = (added: object) => {
    const { Resources } = readTemplate(buildTestConfig('production.example'));
    return measureTemplate({ Resources: { ...Resources, ...added } } as never);
  };

  it('counts keys, schedules and the memory of each function', () => {
    expect(template).toMatchObject({
      kmsKeys: 3,
      scheduled: { 'refresh-jwks': 8_760, 'refresh-did': 8_760, canary: 8_760 },
      canaryPaths: 2,
    });
    for (const memory of Object.values(template.memory)) expect(memory).toBeGreaterThanOrEqual(128);
  });

  it('counts alarms, dashboards, secrets and web ACLs', () => {
    const usage = withResources({
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      Share: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] },
      },
      Combined: { Type: 'AWS::CloudWatch::CompositeAlarm' },
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard' },
      Secret: { Type: 'AWS::SecretsManager::Secret' },
      Firewall: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}] } },
    });
    const { traffic, monthly } = estimateCost({ ...nothing, signIns: 1 }, usage, buildPrices());
    expect(findQuantity(monthly, 'alarm')).toBe(template.alarmMetrics + 3);
    expect(findQuantity(monthly, 'combinedAlarm')).toBe(template.combinedAlarms + 1);
    expect(findQuantity(monthly, 'dashboard')).toBe(template.dashboards + 1);
    expect(findQuantity(monthly, 'secret')).toBe(template.secrets + 1);
    expect(findQuantity(monthly, 'webAcl')).toBe(template.webAcls + 1);
    expect(findQuantity(monthly, 'webAclRule')).toBe(template.webAclRules + 2);
    expect(findQuantity(traffic, 'webAclRequest')).toBe(2);
  });

  it('counts no schedule for the DID document without identity', () => {
    const config = buildTestConfig('production.example', { identity: undefined, authorizers: [] });
    expect(measureTemplate(readTemplate(config)).scheduled).toEqual({
      'refresh-jwks': 8_760,
      'refresh-did': 0,
      canary: 8_760,
    });
  });

  it('counts what the canary uses in every month, and nothing without one', () => {
    const without = measureTemplate(readTemplate(buildTestConfig('production.example', { canary: false })));
    expect([without.scheduled.canary, without.canaryPaths, without.memory.canary]).toEqual([0, 0, 0]);
    const { monthly } = estimateCost(nothing, without, buildPrices());
    for (const name of ['apiRequest', 'signature', 'writeUnit', 'logGigabyte', 'webAclRequest'] as const)
      expect(findQuantity(monthly, name)).toBeUndefined();
    expect(findQuantity(monthly, 'metric')).toBe(assumptions.metrics);

    const { monthly: watched } = estimateCost(nothing, template, buildPrices());
    // The JWKS, the callback and two paths.
    expect(findQuantity(watched, 'apiRequest')).toBe(4 * 8_760);
    expect(findQuantity(watched, 'webAclRequest')).toBe(4 * 8_760);
    expect(findQuantity(watched, 'signature')).toBe(2 * 8_760);
    expect(findQuantity(watched, 'invocation')).toBe((2 + 4) * 8_760);
    expect(findQuantity(watched, 'readUnit')).toBe(2 * 8_760);
    expect(findQuantity(watched, 'metric')).toBe(assumptions.metrics + assumptions.canaryMetrics);
  });
});
