import type { BundleContents } from './bundle-contents.ts';

/** The bundle of a function as it is deployed, and as it would be by default. */
export interface Measurement {
  readonly name: string;
  readonly contents: BundleContents;
  /** The size of its pages, which are read when the first of them is shown. */
  readonly pageBytes: number;
  /** Median, in milliseconds. */
  readonly importTime: number;
  readonly byDefault: { readonly bytes: number; readonly importTime: number };
}

/** Above this a bundle needs a reason. */
const maxBytes = 320_000;

/** What the pages of a function may cost. */
const maxPageBytes = 30_000;

/** The longest import time, as a part of the default bundle's. */
const maxRatio = 0.6;

/** What imports in less, in milliseconds, has hardly any packages, and so nothing to gain over the defaults. */
const negligible = 10;

/** Answer while a user looks on, and sign nothing. */
const withoutKms = ['userinfo', 'logout', 'authorizer'];

/** The import time as a part of the default bundle's. */
export function compareImportTime({ importTime, byDefault }: Measurement): number {
  return importTime / byDefault.importTime;
}

/**
 * What is wrong with the bundles.
 *
 * @param justifications function name → why its bundle may exceed 320 KB
 * @returns a sentence for everything that is
 */
export function findViolations(
  measurements: readonly Measurement[],
  justifications: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...measurements.flatMap((measurement) => findViolationsIn(measurement, justifications)),
    ...missing(measurements, [...withoutKms, ...Object.keys(justifications)]),
  ];
}

function findViolationsIn(
  measurement: Measurement,
  justifications: Readonly<Record<string, string>>,
): readonly string[] {
  const { name, contents, pageBytes, importTime } = measurement;
  const isLarge = contents.bytes > maxBytes;
  const isJustified = Object.hasOwn(justifications, name);
  const ratio = compareImportTime(measurement);
  return [
    importTime < negligible || ratio <= maxRatio
      ? ''
      : `${name}: imports in ${ratio.toFixed(2)} of the default's time, not ${maxRatio}`,
    isLarge && !isJustified
      ? `${name}: has ${contents.bytes} bytes, more than ${maxBytes}, and no reason`
      : '',
    isJustified && !isLarge ? `${name}: has a reason to be large, but is not` : '',
    pageBytes > maxPageBytes ? `${name}: has ${pageBytes} bytes of pages, more than ${maxPageBytes}` : '',
    withoutKms.includes(name) && contents.packages.has('@aws-sdk/client-kms')
      ? `${name}: holds the KMS client`
      : '',
  ].filter(Boolean);
}

function missing(measurements: readonly Measurement[], names: readonly string[]): readonly string[] {
  return names
    .filter((expected) => measurements.every(({ name }) => name !== expected))
    .map((name) => `${name}: is spoken of in the rules, but is no function`);
}
