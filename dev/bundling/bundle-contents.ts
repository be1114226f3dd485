import type { Metafile } from 'esbuild';

/** The size and the packages of a bundle. */
export interface BundleContents {
  readonly bytes: number;
  /** The files of this project whose code it contains, relative to its root. */
  readonly files: ReadonlySet<string>;
  /** The npm packages whose code it contains. */
  readonly packages: ReadonlySet<string>;
  /** npm package → the bytes of its code in the bundle. What is left is our own code, and what joins all of it. */
  readonly bytesByPackage: ReadonlyMap<string, number>;
  /** The paths of those packages in the lockfile, such as `node_modules/jose`. */
  readonly installedAt: ReadonlySet<string>;
}

/** Matches a path from the root of the project to the innermost package. */
const packageDirectory = /^node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)(?=\/)/;

/**
 * Reads the contents of a bundle.
 *
 * @param metafile esbuild's report of a build
 * @param entryPoint the entry point of one of its bundles, as given to esbuild
 */
export function readBundleContents(metafile: Metafile, entryPoint: string): BundleContents {
  const output = Object.values(metafile.outputs).find((candidate) => candidate.entryPoint === entryPoint);
  if (output === undefined) throw new Error(`esbuild made no bundle of ${entryPoint}`);
  const matches = Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => {
    const [installedAt, name] = packageDirectory.exec(file) ?? [];
    return installedAt === undefined || name === undefined ? [] : [{ installedAt, name, bytesInOutput }];
  });
  const bytesByPackage = new Map<string, number>();
  for (const { name, bytesInOutput } of matches) {
    bytesByPackage.set(name, (bytesByPackage.get(name) ?? 0) + bytesInOutput);
  }
  return {
    bytes: output.bytes,
    files: new Set(Object.keys(output.inputs).filter((file) => !file.startsWith('node_modules/'))),
    packages: new Set(bytesByPackage.keys()),
    bytesByPackage,
    installedAt: new Set(matches.map(({ installedAt }) => installedAt)),
  };
}
