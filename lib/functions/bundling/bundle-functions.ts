import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, buildSync, formatMessagesSync } from 'esbuild';
import { type ExampleServiceConfig, renderExampleFrames } from '../../example-service/render-frames.ts';
import { functionPages } from '../../pages/page-definitions.ts';
import { renderPages } from '../../pages/render-pages.ts';
import { type BundleContents, readBundleContents } from './bundle-contents.ts';

const root = resolve(import.meta.dirname, '../../..');
const replacements = join(import.meta.dirname, 'replacements');

/** Function name → file with its `handler`, relative to the root of the project. */
export type EntryPoints = ReadonlyMap<string, string>;

/** The bundle of one function. */
export interface Bundle {
  readonly name: string;
  /** Contains the bundle, and the pages of a function that shows some. */
  readonly directory: string;
  /** The bundle itself. */
  readonly file: string;
  readonly contents: BundleContents;
}

/**
 * Bundles every function of the project, with the pages of the deployment. The same sources and config always make the
 * same bytes. The CDK names assets by their hash, so it does not deploy an unchanged function again.
 *
 * @param config the fields that pages show
 * @param outputDirectory the place for a directory of each function
 * @returns function name → directory with its `index.mjs`
 * @throws Error if a function does not compile, or compiles with warnings
 */
export function bundleFunctions(
  config: ExampleServiceConfig,
  outputDirectory: string,
): ReadonlyMap<string, string> {
  const bundles = bundle(discoverFunctions(), outputDirectory);
  writePages(config, bundles);
  return new Map(bundles.map(({ name, directory }) => [name, directory]));
}

/**
 * Writes `pages.json` into the directory of each function that shows pages, and `frames.json` for the example service,
 * which renders its own pages.
 */
export function writePages(config: ExampleServiceConfig, bundles: readonly Bundle[]): void {
  for (const { name, directory } of bundles) {
    if (name === 'example-service') {
      writeFileSync(join(directory, 'frames.json'), JSON.stringify(renderExampleFrames(config)));
    }
    const pages = functionPages[name];
    if (pages === undefined) continue;
    writeFileSync(join(directory, 'pages.json'), JSON.stringify(renderPages(config, pages)));
  }
}

/** Finds the functions: every folder of `lambdas` with an `index.ts`. */
export function discoverFunctions(): EntryPoints {
  const names = readdirSync(join(root, 'lambdas')).sort();
  const entryPoints = names.map((name) => [name, `lambdas/${name}/index.ts`] as const);
  return new Map(entryPoints.filter(([, file]) => existsSync(join(root, file))));
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
      '@aws-sdk/middleware-endpoint-discovery': join(replacements, 'endpoint-discovery.ts'),
      '@smithy/core/event-streams': join(replacements, 'event-streams.ts'),
      'node:process': join(replacements, 'process.ts'),
    },
  });
}

/** Bundles functions as the CDK's `NodejsFunction` does by default, with the SDK, to compare {@link bundle} with it. */
export function bundleWithDefaults(entryPoints: EntryPoints, outputDirectory: string): readonly Bundle[] {
  // CommonJS has no `import.meta`. It only matters to functions that run, and these do not.
  return build(entryPoints, outputDirectory, 'cjs', { logOverride: { 'empty-import-meta': 'silent' } });
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
