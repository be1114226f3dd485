import { join } from 'node:path';
import { bundle, bundleWithDefaults, findEntryPoints } from '../../dev/bundling/bundle-functions.ts';

/** The size of a function's bundle in bytes, and whose they are. */
export interface BundleSize {
  readonly bytes: number;
  /** As the CDK's defaults would bundle it. */
  readonly defaults: number;
  readonly owners: Readonly<Record<BundleOwner, number>>;
}

export const bundleOwners = ['ours', 'aws', 'jose', 'middy', 'others'] as const;
export type BundleOwner = (typeof bundleOwners)[number];

/**
 * Bundles the functions, and measures the bundles.
 *
 * @param directory for the bundles
 * @param includes whether a function is measured
 */
export async function measureBundles(
  directory: string,
  includes: (name: string) => boolean,
): Promise<Readonly<Record<string, BundleSize>>> {
  const entryPoints = new Map([...findEntryPoints()].filter(([name]) => includes(name)));
  const deployed = bundle(entryPoints, join(directory, 'bundles'));
  const defaults = await bundleWithDefaults(entryPoints, join(directory, 'default-bundles'));
  return Object.fromEntries(
    deployed.map(({ name, contents: { bytes, bytesByPackage } }, index) => {
      const owners = { ours: bytes, aws: 0, jose: 0, middy: 0, others: 0 };
      for (const [packageName, part] of bytesByPackage) {
        owners[findOwner(packageName)] += part;
        owners.ours -= part;
      }
      return [name, { bytes, defaults: defaults[index]?.contents.bytes ?? Number.NaN, owners }];
    }),
  );
}

function findOwner(packageName: string): BundleOwner {
  if (/^@(aws|smithy|aws-sdk|aws-crypto)\//.test(packageName)) return 'aws';
  if (packageName === 'jose') return 'jose';
  return packageName.startsWith('@middy/') ? 'middy' : 'others';
}
