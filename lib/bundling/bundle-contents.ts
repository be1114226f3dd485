import type { Metafile } from 'esbuild';

/** What a bundle is made of. */
export interface BundleContents {
  /** The size of the bundle. */
  readonly bytes: number;
  /** The npm packages that it has code of. */
  readonly packages: ReadonlySet<string>;
}

/**
 * @param metafile what esbuild tells about a build
 * @param entryPoint of one of its bundles, as it was given to esbuild
 */
export function contentsOf(metafile: Metafile, entryPoint: string): BundleContents {
  const output = Object.values(metafile.outputs).find((candidate) => candidate.entryPoint === entryPoint);
  if (output === undefined) throw new Error(`esbuild made no bundle of ${entryPoint}`);
  return { bytes: output.bytes, packages: new Set(Object.keys(output.inputs).flatMap(packageOf)) };
}

function packageOf(file: string): readonly string[] {
  const name = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  return name === undefined ? [] : [name];
}
