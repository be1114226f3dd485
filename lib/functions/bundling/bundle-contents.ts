import type { Metafile } from 'esbuild';

/** What a bundle is made of. */
export interface BundleContents {
  /** The size of the bundle. */
  readonly bytes: number;
  /** The npm packages that it has code of. */
  readonly packages: ReadonlySet<string>;
  /** Where those packages are installed, as the lockfile names them: `node_modules/jose`. */
  readonly installedAt: ReadonlySet<string>;
}

/** From the root of the project to the innermost package. */
const packageDirectory = /^node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)(?=\/)/;

/**
 * @param metafile what esbuild tells about a build
 * @param entryPoint of one of its bundles, as it was given to esbuild
 */
export function readBundleContents(metafile: Metafile, entryPoint: string): BundleContents {
  const output = Object.values(metafile.outputs).find((candidate) => candidate.entryPoint === entryPoint);
  if (output === undefined) throw new Error(`esbuild made no bundle of ${entryPoint}`);
  const matches = Object.keys(output.inputs).flatMap((file) => {
    const [installedAt, name] = packageDirectory.exec(file) ?? [];
    return installedAt === undefined || name === undefined ? [] : [{ installedAt, name }];
  });
  return {
    bytes: output.bytes,
    packages: new Set(matches.map(({ name }) => name)),
    installedAt: new Set(matches.map(({ installedAt }) => installedAt)),
  };
}
