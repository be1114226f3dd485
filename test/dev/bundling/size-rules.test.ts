import { describe, expect, it } from '@jest/globals';
import { compareImportTime, findViolations, type Measurement } from '../../../dev/bundling/size-rules.ts';

/** Measures a bundle at the limits of the rules. */
function measure(name: string, changes: Partial<Measurement> = {}, ...packages: string[]): Measurement {
  return {
    name,
    contents: { bytes: 320_000, packages: new Set(['jose', ...packages]), installedAt: new Set() },
    pageBytes: 8_000,
    importTime: 60,
    byDefault: { bytes: 1_500_000, importTime: 100 },
    ...changes,
  };
}

const large = { contents: { bytes: 320_001, packages: new Set<string>(), installedAt: new Set<string>() } };
const withoutPackages = {
  contents: { bytes: 9_000, packages: new Set<string>(), installedAt: new Set<string>() },
  importTime: 100,
};
const good = [
  measure('userinfo', {}, '@aws-sdk/client-dynamodb'),
  measure('logout'),
  measure('authorizer'),
  measure('callback', {}, '@aws-sdk/client-kms'),
];

describe('findViolations', () => {
  it.each<[string, readonly Measurement[], Readonly<Record<string, string>>?]>([
    ['bundles at the limits', []],
    ['a bundle without packages, which has nothing to gain', [measure('collect-audit', withoutPackages)]],
    ['a large bundle with a reason', [measure('login', large)], { login: 'it does everything' }],
  ])('accepts %s', (_, others, justifications = {}) => {
    expect(findViolations([...good, ...others], justifications)).toEqual([]);
  });

  it.each<[string, readonly Measurement[], Readonly<Record<string, string>>?]>([
    ["login: imports in 0.61 of the default's time, not 0.6", [measure('login', { importTime: 61 })]],
    ["login: imports in NaN of the default's time, not 0.6", [measure('login', { importTime: Number.NaN })]],
    ['login: has 8001 compressed bytes of pages, more than 8000', [measure('login', { pageBytes: 8_001 })]],
    ['login: has 320001 bytes, more than 320000, and no reason', [measure('login', large)]],
    ['callback: has a reason to be large, but is not', [], { callback: 'it was large once' }],
    ['gone: is named in the rules, but there is no such function', [], { gone: 'it was large once' }],
  ])('reports "%s"', (violation, others, justifications = {}) => {
    expect(findViolations([...good, ...others], justifications)).toEqual([violation]);
  });

  it.each(['userinfo', 'logout', 'authorizer'])(
    'reports %s if it contains the KMS client or is missing',
    (name) => {
      const others = good.filter((other) => other.name !== name);

      expect(findViolations([...others, measure(name, {}, '@aws-sdk/client-kms')], {})).toEqual([
        `${name}: contains the KMS client`,
      ]);
      expect(findViolations(others, {})).toEqual([
        `${name}: is named in the rules, but there is no such function`,
      ]);
    },
  );
});

describe('compareImportTime', () => {
  it("returns the share of the default bundle's time", () => {
    expect(compareImportTime(measure('login', { importTime: 25 }))).toBe(0.25);
  });
});
