import { describe, expect, it } from '@jest/globals';
import { compareImportTime, findViolations, type Measurement } from '../../../dev/bundling/size-rules.ts';

interface Changes extends Partial<Omit<Measurement, 'contents'>> {
  readonly bytes?: number;
  readonly packages?: readonly string[];
  readonly files?: readonly string[];
}

/** Measures a bundle at the limits of the rules. */
function measure(
  name: string,
  { bytes = 50_000, packages = ['jose'], files = [], ...changes }: Changes = {},
): Measurement {
  return {
    name,
    contents: { bytes, files: new Set(files), packages: new Set(packages), installedAt: new Set() },
    pageBytes: 8_000,
    importTime: 60,
    byDefault: { bytes: 1_500_000, importTime: 100 },
    ...changes,
  };
}

const kms = { files: ['lambdas/adapters/kms/client.ts'] };
const good = [
  measure('userinfo', { files: ['lambdas/adapters/dynamodb/client.ts'] }),
  measure('logout'),
  measure('authorizer'),
  measure('callback', { ...kms, bytes: 92_000 }),
  measure('login', { ...kms, bytes: 62_000 }),
  measure('backchannel-logout', { bytes: 62_000 }),
  measure('reserve-concurrency', { bytes: 230_000 }),
];

/** The good bundles with another one in place of the one of the same name. */
function withChanged(changed: Measurement): readonly Measurement[] {
  return [...good.filter(({ name }) => name !== changed.name), changed];
}

describe('findViolations', () => {
  it.each([
    ['bundles at the limits', good],
    [
      'a bundle without packages, which has nothing to gain',
      withChanged(measure('collect-audit', { packages: [], importTime: 100 })),
    ],
  ])('accepts %s', (_, measurements) => {
    expect(findViolations(measurements)).toEqual([]);
  });

  it.each([
    ["canary: imports in 0.61 of the default's time, not 0.6", measure('canary', { importTime: 61 })],
    ["canary: imports in NaN of the default's time, not 0.6", measure('canary', { importTime: Number.NaN })],
    ['canary: has 8001 compressed bytes of pages, more than 8000', measure('canary', { pageBytes: 8_001 })],
    ['canary: has 50001 bytes, more than 50000', measure('canary', { bytes: 50_001 })],
    ['callback: has 92001 bytes, more than 92000', measure('callback', { bytes: 92_001 })],
  ])('reports "%s"', (violation, changed) => {
    expect(findViolations(withChanged(changed))).toEqual([violation]);
  });

  it.each(['userinfo', 'logout', 'authorizer'])('reports %s if it contains the KMS client', (name) => {
    expect(findViolations(withChanged(measure(name, kms)))).toEqual([`${name}: contains the KMS client`]);
  });

  it.each(['userinfo', 'callback'])('reports %s if a rule names it and it is missing', (missing) => {
    expect(findViolations(good.filter(({ name }) => name !== missing))).toEqual([
      `${missing}: is named in the rules, but there is no such function`,
    ]);
  });
});

describe('compareImportTime', () => {
  it("returns the share of the default bundle's time", () => {
    expect(compareImportTime(measure('canary', { importTime: 25 }))).toBe(0.25);
  });
});
