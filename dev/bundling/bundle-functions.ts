import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type BuildOptions,
  type BuildResult,
  build,
  buildSync,
  formatMessagesSync,
  type Plugin,
} from 'esbuild';
import { listFunctions } from '../../lib/functions/bundles.ts';
import { packageRoot as root } from '../../lib/package-root.ts';
import { type BundleContents, readBundleContents } from './bundle-contents.ts';

const replacements = join(import.meta.dirname, 'replacements');

const extensions = { esm: '.mjs', cjs: '.cjs' } as const;
type Format = keyof typeof extensions;

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
  const options = describeBuild(entryPoints, outputDirectory, 'esm', {
    minify: true,
    legalComments: 'none',
    // esbuild leaves out more unused code of the SDK's ES modules than of its CommonJS ones.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(replacements, 'environment-credentials.ts'),
      '@smithy/core/event-streams': join(replacements, 'event-streams.ts'),
      'node:process': join(replacements, 'process.ts'),
      'node:crypto': join(replacements, 'crypto.ts'),
      'node:https': join(replacements, 'https.ts'),
      'node:zlib': join(replacements, 'zlib.ts'),
    },
  });
  return listBundles(entryPoints, outputDirectory, 'esm', buildSync(options));
}

/** File with a client of ours → file with the SDK's client of the same service. */
const sdkClients: ReadonlyMap<string, string> = new Map(
  ['dynamodb', 'kms'].map((service) => [
    join(root, 'lambdas/adapters', service, 'client.ts'),
    join(import.meta.dirname, 'sdk-clients', `${service}.ts`),
  ]),
);

const withSdk: Plugin = {
  name: 'with-sdk',
  setup: ({ onResolve }) => {
    onResolve({ filter: /client\.ts$/ }, ({ resolveDir, path }) => {
      const sdkClient = sdkClients.get(resolve(resolveDir, path));
      return sdkClient === undefined ? undefined : { path: sdkClient };
    });
  },
};

/** CommonJS can't wait while it loads. */
const withoutWaiting: Plugin = {
  name: 'without-waiting',
  setup: ({ onLoad }) => {
    onLoad({ filter: /lambdas[\\/][^\\/]+[\\/]index\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^await /m, 'void '),
      loader: 'ts',
    }));
  },
};

/**
 * Bundles functions as the CDK's `NodejsFunction` does by default, with calls of AWS by its SDK, to compare {@link bundle} with it.
 * They run.
 */
export async function bundleWithDefaults(
  entryPoints: EntryPoints,
  outputDirectory: string,
): Promise<readonly Bundle[]> {
  const options = describeBuild(entryPoints, outputDirectory, 'cjs', {
    plugins: [withSdk, withoutWaiting],
    // CommonJS has no `import.meta`. Only pages are read by it.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return listBundles(entryPoints, outputDirectory, 'cjs', await build(options));
}

function describeBuild(
  entryPoints: EntryPoints,
  outputDirectory: string,
  format: Format,
  options: BuildOptions,
) {
  return {
    ...options,
    format,
    outExtension: { '.js': extensions[format] },
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entryPoints].map(([name, file]) => [`${name}/index`, file])),
    outdir: resolve(outputDirectory),
    bundle: true,
    platform: 'node',
    target: 'node24',
    metafile: true,
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

function listBundles(
  entryPoints: EntryPoints,
  outputDirectory: string,
  format: Format,
  { metafile, warnings }: BuildResult<{ metafile: true }>,
): readonly Bundle[] {
  // For example a replacement lacks a name, which would be undefined at run time.
  if (warnings.length > 0) throw new Error(formatMessagesSync(warnings, { kind: 'warning' }).join('\n'));
  return [...entryPoints].map(([name, entryPoint]) => {
    const directory = resolve(outputDirectory, name);
    const contents = readBundleContents(metafile, entryPoint);
    return { name, directory, file: join(directory, `index${extensions[format]}`), contents };
  });
}
