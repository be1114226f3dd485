import { describe, expect, it } from '@jest/globals';
import { compareImportTime, findViolations, type Measurement } from '../../../dev/bundling/size-rules.ts';

interface Changes extends Partial<Pick<Measurement, 'pageBytes' | 'importTime'>> {
  readonly bytes?: number;
  readonly files?: readonly string[];
  /** The packages of the default bundle. */
  readonly packages?: readonly string[];
}

/** Measures a bundle at the limits of the rules. */
function measure(
  name: string,
  { bytes = 50_000, files = [], packages = ['@smithy/core'], ...changes }: Changes = {},
): Measurement {
  const contents = {
    bytes,
    files: new Set(files),
    packages: new Set<string>(),
    bytesByPackage: new Map<string, number>(),
    installedAt: new Set<string>(),
  };
  return {
    name,
    contents,
    pageBytes: 8_000,
    importTime: 40,
    byDefault: { contents: { ...contents, packages: new Set(packages) }, importTime: 100 },
    ...changes,
  };
}

const kms = { files: ['lambdas/adapters/kms/client.ts'] };
const good = [
  measure('userinfo', { files: ['lambdas/adapters/dynamodb/client.ts'] }),
  measure('logout'),
  measure('authorizer'),
  measure('callback', { ...kms, bytes: 80_000 }),
  measure('login', { ...kms, bytes: 61_000 }),
  measure('reserve-concurrency', { bytes: 230_000, importTime: 60 }),
];

/** The good bundles with another one in place of the one of the same name. */
function withChanged(changed: Measurement): readonly Measurement[] {
  return [...good.filter(({ name }) => name !== changed.name), changed];
}

describe('findViolations', () => {
  it.each([
    ['bundles at the limits', good],
    [
      'a bundle whose default has no SDK, so that there is nothing to gain',
      withChanged(measure('collect-audit', { packages: [], importTime: 100 })),
    ],
  ])('accepts %s', (_, measurements) => {
    expect(findViolations(measurements)).toEqual([]);
  });

  it.each([
    ["userinfo: imports in 0.41 of the default's time, not 0.4", measure('userinfo', { importTime: 41 })],
    [
      "userinfo: imports in NaN of the default's time, not 0.4",
      measure('userinfo', { importTime: Number.NaN }),
    ],
    ['canary: has 8001 compressed bytes of pages, more than 8000', measure('canary', { pageBytes: 8_001 })],
    ['canary: has 50001 bytes, more than 50000', measure('canary', { bytes: 50_001 })],
    ['callback: has 80001 bytes, more than 80000', measure('callback', { bytes: 80_001 })],
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
