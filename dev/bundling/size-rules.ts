import type { BundleContents } from './bundle-contents.ts';

/** The bundle of a function as deployed, and as the CDK would bundle it by default. */
export interface Measurement {
  readonly name: string;
  readonly contents: BundleContents;
  /** The compressed size of its pages, which the function reads when it shows the first of them. */
  readonly pageBytes: number;
  /** Median, in milliseconds. */
  readonly importTime: number;
  readonly byDefault: { readonly contents: BundleContents; readonly importTime: number };
}

/** The largest bundles, in bytes. */
const maxBytes: Readonly<Record<string, number>> = {
  callback: 80_000,
  login: 61_000,
  // It contains the AWS SDK, and no user waits for it.
  'reserve-concurrency': 230_000,
};
const maxBytesOfOthers = 50_000;

/** The most that pages may add to a package, which Lambda downloads compressed. */
const maxPageBytes = 8_000;

/**
 * The longest import times, as a share of the default bundle's. Without the SDK in the default bundle there is nothing to gain: such a
 * function mostly loads modules of Node.
 */
const maxRatios: Readonly<Record<string, number>> = { 'reserve-concurrency': 0.6 };
const maxRatioOfOthers = 0.4;

/** Functions that a user waits for, and that sign nothing. */
const functionsWithoutKms = ['userinfo', 'logout', 'authorizer'];
const kmsClient = 'lambdas/adapters/kms/client.ts';

/** Returns the import time as a share of the default bundle's. */
export function compareImportTime({ importTime, byDefault }: Measurement): number {
  return importTime / byDefault.importTime;
}

/**
 * Checks the bundles.
 *
 * @returns a sentence for everything that is wrong
 */
export function findViolations(measurements: readonly Measurement[]): readonly string[] {
  return [
    ...measurements.flatMap(findViolationsIn),
    ...findMissingFunctions(measurements, [...functionsWithoutKms, ...Object.keys(maxBytes)]),
  ];
}

function findViolationsIn(measurement: Measurement): readonly string[] {
  const { name, contents, pageBytes, byDefault } = measurement;
  const limit = maxBytes[name] ?? maxBytesOfOthers;
  const maxRatio = maxRatios[name] ?? maxRatioOfOthers;
  const ratio = compareImportTime(measurement);
  return [
    !byDefault.contents.packages.has('@smithy/core') || ratio <= maxRatio
      ? ''
      : `${name}: imports in ${ratio.toFixed(2)} of the default's time, not ${maxRatio}`,
    contents.bytes > limit ? `${name}: has ${contents.bytes} bytes, more than ${limit}` : '',
    pageBytes > maxPageBytes
      ? `${name}: has ${pageBytes} compressed bytes of pages, more than ${maxPageBytes}`
      : '',
    functionsWithoutKms.includes(name) && contents.files.has(kmsClient)
      ? `${name}: contains the KMS client`
      : '',
  ].filter(Boolean);
}

function findMissingFunctions(
  measurements: readonly Measurement[],
  names: readonly string[],
): readonly string[] {
  return names
    .filter((expected) => measurements.every(({ name }) => name !== expected))
    .map((name) => `${name}: is named in the rules, but there is no such function`);
}
