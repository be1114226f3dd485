import { join, resolve } from 'node:path';
import { type BuildOptions, buildSync, formatMessagesSync } from 'esbuild';
import { listFunctions } from '../../lib/functions/bundles.ts';
import { packageRoot as root } from '../../lib/package-root.ts';
import { type BundleContents, readBundleContents } from './bundle-contents.ts';

const replacements = join(import.meta.dirname, 'replacements');

/** Function name → file with its `handler`, relative to the root of the project. */
export type EntryPoints = ReadonlyMap<string, string>;

/** The bundle of one function. */
export interface Bundle {
  readonly name: string;
  /** Contains the bundle. */
  readonly directory: string;
  /** The bundle itself. */
  readonly file: string;
  readonly contents: BundleContents;
}

/** Bundles every function of the project into a directory of its name. */
export function bundleFunctions(outputDirectory: string): readonly Bundle[] {
  return bundle(findEntryPoints(), outputDirectory);
}

/** Finds the entry point of every function. */
export function findEntryPoints(): EntryPoints {
  return new Map(listFunctions().map((name) => [name, `lambdas/${name}/index.ts`]));
}

/**
 * Bundles functions for a short cold start: ES modules, minified, without the parts of the AWS SDK that a function never
 * runs (see `replacements`). One run of esbuild makes all bundles.
 */
export function bundle(entryPoints: EntryPoints, outputDirectory: string): readonly Bundle[] {
  return build(entryPoints, outputDirectory, 'esm', {
    minify: true,
    legalComments: 'none',
    // esbuild leaves out more unused code of the SDK's ES modules than of its CommonJS ones.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(replacements, 'environment-credentials.ts'),
      '@smithy/core/event-streams': join(replacements, 'event-streams.ts'),
      'node:process': join(replacements, 'process.ts'),
    },
  });
}

/** File with a client of ours → file with the SDK's client of the same service. */
const sdkClients: ReadonlyMap<string, string> = new Map([
  ['lambdas/adapters/dynamodb/client.ts', 'dev/bundling/sdk-clients/dynamodb.ts'],
  ['lambdas/adapters/kms/client.ts', 'dev/bundling/sdk-clients/kms.ts'],
]);

/**
 * Bundles functions as the CDK's `NodejsFunction` does by default, to compare {@link bundle} with it. A bundle with a client of ours also
 * has the SDK's.
 */
export function bundleWithDefaults(entryPoints: EntryPoints, outputDirectory: string): readonly Bundle[] {
  // CommonJS has no `import.meta`. It only matters to functions that run, and these do not.
  const options = { logOverride: { 'empty-import-meta': 'silent' } } as const;
  return [...entryPoints].flatMap(([name, file]) => {
    const entryPoint = new Map([[name, file]]);
    const bundles = build(entryPoint, outputDirectory, 'cjs', options);
    const inject = bundles.flatMap(({ contents }) =>
      [...sdkClients].flatMap(([client, sdkClient]) => (contents.files.has(client) ? sdkClient : [])),
    );
    return inject.length === 0 ? bundles : build(entryPoint, outputDirectory, 'cjs', { ...options, inject });
  });
}

function build(
  entryPoints: EntryPoints,
  outputDirectory: string,
  format: 'esm' | 'cjs',
  options: BuildOptions,
): readonly Bundle[] {
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  const { metafile, warnings } = buildSync({
    ...options,
    format,
    outExtension: { '.js': extension },
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entryPoints].map(([name, file]) => [`${name}/index`, file])),
    outdir: resolve(outputDirectory),
    bundle: true,
    platform: 'node',
    target: 'node24',
    metafile: true,
    logLevel: 'silent',
  });
  // For example a replacement lacks a name, which would be undefined at run time.
  if (warnings.length > 0) throw new Error(formatMessagesSync(warnings, { kind: 'warning' }).join('\n'));
  return [...entryPoints].map(([name, entryPoint]) => {
    const directory = resolve(outputDirectory, name);
    const contents = readBundleContents(metafile, entryPoint);
    return { name, directory, file: join(directory, `index${extension}`), contents };
  });
}
