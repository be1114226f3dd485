import { describe, expect, test } from '@jest/globals';
import {
  compareImportTime,
  findViolations,
  type Measurement,
} from '../../../lib/functions/bundling/size-rules.ts';

interface Values {
  readonly bytes?: number;
  readonly importTime?: number;
  readonly pageBytes?: number;
  readonly packages?: readonly string[];
}

function measurement(
  name: string,
  { bytes = 320_000, importTime = 60, pageBytes = 0, packages = [] }: Values = {},
): Measurement {
  return {
    name,
    contents: { bytes, packages: new Set(packages), installedAt: new Set() },
    pageBytes,
    importTime,
    byDefault: { bytes: 1_500_000, importTime: 100 },
  };
}

/** As good as the rules just allow. */
const good = [
  measurement('userinfo', { packages: ['@aws-sdk/client-dynamodb'] }),
  measurement('logout'),
  measurement('authorizer'),
  measurement('callback', { packages: ['@aws-sdk/client-kms'] }),
];

describe('the rules for bundles', () => {
  test('find nothing wrong with bundles that are just within them', () => {
    expect(findViolations(good, {})).toEqual([]);
  });

  test('compare the import time with that of the default bundle', () => {
    expect(compareImportTime(measurement('login', { importTime: 25 }))).toBe(0.25);
    expect(findViolations([...good, measurement('login', { importTime: 61 })], {})).toEqual([
      "login: imports in 0.61 of the default's time, not 0.6",
    ]);
  });

  test('ask nothing of what imports at once', () => {
    const small = (importTime: number) => ({
      ...measurement('collect-audit', { importTime }),
      byDefault: { bytes: 9000, importTime: 9 },
    });
    expect(findViolations([...good, small(9.9)], {})).toEqual([]);
    expect(findViolations([...good, small(10)], {})).toHaveLength(1);
  });

  test('are broken by pages of more than 30 KB', () => {
    expect(findViolations([...good, measurement('login', { pageBytes: 30_000 })], {})).toEqual([]);
    expect(findViolations([...good, measurement('login', { pageBytes: 30_001 })], {})).toEqual([
      'login: has 30001 bytes of pages, more than 30000',
    ]);
  });

  test('do not take an import time that was not measured for a good one', () => {
    expect(findViolations([...good, measurement('login', { importTime: Number.NaN })], {})).toHaveLength(1);
  });

  test('want a reason for a large bundle', () => {
    const large = [...good, measurement('login', { bytes: 320_001 })];
    expect(findViolations(large, {})).toEqual(['login: has 320001 bytes, more than 320000, and no reason']);
    expect(findViolations(large, { login: 'it does everything' })).toEqual([]);
  });

  test('do not keep a reason that is no longer needed', () => {
    expect(findViolations(good, { callback: 'it was large once' })).toEqual([
      'callback: has a reason to be large, but is not',
    ]);
    expect(findViolations(good, { gone: 'it was large once' })).toEqual([
      'gone: is spoken of in the rules, but is no function',
    ]);
  });

  test.each(['userinfo', 'logout', 'authorizer'])('keep the KMS client out of %s', (name) => {
    const others = good.filter((other) => other.name !== name);
    const holding = measurement(name, { packages: ['@aws-sdk/client-kms'] });
    expect(findViolations([...others, holding], {})).toEqual([`${name}: holds the KMS client`]);
    expect(findViolations(others, {})).toEqual([`${name}: is spoken of in the rules, but is no function`]);
  });
});
