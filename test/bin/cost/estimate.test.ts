import { describe, expect, test } from '@jest/globals';
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
import { sumCosts } from '../../../bin/cost/print-estimate.ts';
import { measureTemplate } from '../../../bin/cost/template-usage.ts';
import { configOf, synthesise } from '../../infra/synthesise.ts';

const template = measureTemplate(synthesise(configOf('production.example')).json);

/** Everything costs one, but what is named. */
function pricesWhere(special: Partial<Record<PriceName, number>> = {}): Prices {
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
const quantityOf = (lines: readonly CostLine[], name: PriceName) =>
  lines.find((line) => line.name === name)?.quantity;

describe('the estimate', () => {
  test('is nothing for traffic when nobody comes, and still something for the month', () => {
    const { traffic, monthly } = estimateCost(nothing, template, pricesWhere());
    expect(sumCosts(traffic)).toBe(0);
    expect(quantityOf(monthly, 'kmsKey')).toBe(3);
  });

  test('of sign-ins alone is that of two requests, two functions and the trail, and two signatures each', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1_000 }, template, pricesWhere());
    expect(quantityOf(traffic, 'apiRequest')).toBe(2_000);
    expect(quantityOf(traffic, 'invocation')).toBe(3_000);
    expect(quantityOf(traffic, 'signature')).toBe(2_000);
    expect(quantityOf(traffic, 'writeUnit')).toBe(1_000 * countedSteps['sign in'].writeUnits);
    expect(quantityOf(traffic, 'readUnit')).toBe(1_000 * countedSteps['sign in'].readUnits);
  });

  test('has the time of each function by its own memory', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1 }, template, pricesWhere());
    const { login, callback, 'collect-audit': audit } = assumptions.duration;
    const { memory } = template;
    const megabyteMilliseconds =
      memory.login * login + memory.callback * callback + memory['collect-audit'] * audit;
    expect(quantityOf(traffic, 'gigabyteSecond')).toBeCloseTo(megabyteMilliseconds / 1024 / 1000, 10);
  });

  test('has logs of the functions, of Lambda and of API Gateway, taken in once and kept for months', () => {
    const { traffic } = estimateCost({ ...nothing, signIns: 1_000_000 }, template, pricesWhere());
    const { platformLogBytes, accessLogBytes, logMonths } = assumptions;
    const bytes = countedSteps['sign in'].logBytes + 3 * platformLogBytes + 2 * accessLogBytes;
    expect(quantityOf(traffic, 'logGigabyte')).toBeCloseTo(bytes / 1_000, 10);
    expect(quantityOf(traffic, 'logGigabyteMonth')).toBeCloseTo((bytes * logMonths) / 1_000, 10);
  });

  test('multiplies by the price, for as many as it is for', () => {
    const prices = pricesWhere({ signature: 3 });
    const { prices: each } = prices;
    const perThousand = { ...prices, prices: { ...each, signature: { ...each.signature, per: 1_000 } } };
    const { traffic } = estimateCost({ ...nothing, signIns: 500 }, template, perThousand);
    expect(traffic.find(({ name }) => name === 'signature')?.cost).toBe(3);
  });

  test.each([
    ['as long as it is active', 30, 60, 5],
    ['more often when the idle time is short', 30, 30, 10],
    ['not more often than it asks', 600, 30, 20],
    ['not at all in a short one', 5, 60, 0],
  ])('writes the idle time of a session %s', (_, minutes, idleMinutes, times) => {
    const { extensionsPerSession } = estimateTraffic(1, { ...defaultVisit, minutes }, idleMinutes);
    expect(extensionsPerSession).toBe(times);
  });

  test('has every step as often as users take it', () => {
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
      'ask who is signed in': 2_000,
      'keep the session alive': 500,
      'sign out': 50,
      // Each authentication of a session at One Login is notified on its own.
      'hear of a sign-out': expect.closeTo(55, 10),
    });
  });
});

describe('what the template has', () => {
  const withResources = (added: object) => {
    const { json } = synthesise(configOf('production.example'));
    return measureTemplate({ Resources: { ...json.Resources, ...added } } as never);
  };

  test('is counted: signing keys and the data key, schedules, and the memory of each function', () => {
    expect(template).toMatchObject({
      kmsKeys: 3,
      scheduled: { 'refresh-jwks': 8_760, 'refresh-did': 8_760 },
    });
    for (const memory of Object.values(template.memory)) expect(memory).toBeGreaterThanOrEqual(128);
  });

  test('is paid for as soon as it is there', () => {
    const usage = withResources({
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      Share: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] },
      },
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard' },
      Secret: { Type: 'AWS::SecretsManager::Secret' },
      Firewall: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}] } },
    });
    const { traffic, monthly } = estimateCost({ ...nothing, signIns: 1 }, usage, pricesWhere());
    expect(quantityOf(monthly, 'alarm')).toBe(template.alarmMetrics + 3);
    expect(quantityOf(monthly, 'dashboard')).toBe(template.dashboards + 1);
    expect(quantityOf(monthly, 'secret')).toBe(template.secrets + 1);
    expect(quantityOf(monthly, 'webAcl')).toBe(template.webAcls + 1);
    expect(quantityOf(monthly, 'webAclRule')).toBe(template.webAclRules + 2);
    expect(quantityOf(traffic, 'webAclRequest')).toBe(2);
  });

  test('needs no DID document where no identities are proved', () => {
    const config = configOf('production.example', { identity: undefined, authorizers: [] });
    expect(measureTemplate(synthesise(config).json).scheduled).toEqual({
      'refresh-jwks': 8_760,
      'refresh-did': 0,
    });
  });
});
