import type { BundleContents } from './bundle-contents.ts';

/** The bundle of a function as deployed, and as the CDK would bundle it by default. */
export interface Measurement {
  readonly name: string;
  readonly contents: BundleContents;
  /** The compressed size of its pages, which the function reads when it shows the first of them. */
  readonly pageBytes: number;
  /** Median, in milliseconds. */
  readonly importTime: number;
  readonly byDefault: { readonly bytes: number; readonly importTime: number };
}

/** A larger bundle needs a reason. */
const maxBytes = 320_000;

/** The most that pages may add to a package, which Lambda downloads compressed. */
const maxPageBytes = 8_000;

/**
 * The longest import time, as a share of the default bundle's. A bundle without packages has nothing to gain over the
 * defaults: it loads modules of Node alone.
 */
const maxRatio = 0.6;

/** Functions that a user waits for, and that sign nothing. */
const functionsWithoutKms = ['userinfo', 'logout', 'authorizer'];

/** Returns the import time as a share of the default bundle's. */
export function compareImportTime({ importTime, byDefault }: Measurement): number {
  return importTime / byDefault.importTime;
}

/**
 * Checks the bundles.
 *
 * @param justifications function name → why its bundle may exceed 320 KB
 * @returns a sentence for everything that is wrong
 */
export function findViolations(
  measurements: readonly Measurement[],
  justifications: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...measurements.flatMap((measurement) => findViolationsIn(measurement, justifications)),
    ...findMissingFunctions(measurements, [...functionsWithoutKms, ...Object.keys(justifications)]),
  ];
}

function findViolationsIn(
  measurement: Measurement,
  justifications: Readonly<Record<string, string>>,
): readonly string[] {
  const { name, contents, pageBytes } = measurement;
  const isLarge = contents.bytes > maxBytes;
  const isJustified = Object.hasOwn(justifications, name);
  const ratio = compareImportTime(measurement);
  return [
    contents.packages.size === 0 || ratio <= maxRatio
      ? ''
      : `${name}: imports in ${ratio.toFixed(2)} of the default's time, not ${maxRatio}`,
    isLarge && !isJustified
      ? `${name}: has ${contents.bytes} bytes, more than ${maxBytes}, and no reason`
      : '',
    isJustified && !isLarge ? `${name}: has a reason to be large, but is not` : '',
    pageBytes > maxPageBytes
      ? `${name}: has ${pageBytes} compressed bytes of pages, more than ${maxPageBytes}`
      : '',
    functionsWithoutKms.includes(name) && contents.packages.has('@aws-sdk/client-kms')
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
