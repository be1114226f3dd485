import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, buildSync, formatMessagesSync } from 'esbuild';
import { type ExampleServiceConfig, renderExampleFrames } from '../../example-service/render-frames.ts';
import { pagesOfFunctions } from '../../pages/page-definitions.ts';
import { renderPages } from '../../pages/render-pages.ts';
import { type BundleContents, readBundleContents } from './bundle-contents.ts';

const root = resolve(import.meta.dirname, '../../..');
const replacements = join(import.meta.dirname, 'replacements');

/** Function name → file with its `handler`, relative to the root of the project. */
export type EntryPoints = ReadonlyMap<string, string>;

/** The bundle of one function. */
export interface Bundle {
  readonly name: string;
  /** Holds the bundle, and the pages of a function that shows some. */
  readonly directory: string;
  /** The bundle itself. */
  readonly file: string;
  readonly contents: BundleContents;
}

/**
 * Bundles every function of the project, with the pages of the deployment. Two runs over the same sources and config
 * make the same bytes, wherever they write: CDK names assets by their hash, and an unchanged function is not deployed
 * again.
 *
 * @param config what its pages show of the service
 * @param outputDirectory gets a directory for each function
 * @returns function name → directory with its `index.mjs`
 * @throws Error when something does not compile without warnings
 */
export function bundleFunctions(
  config: ExampleServiceConfig,
  outputDirectory: string,
): ReadonlyMap<string, string> {
  const bundles = bundle(discoverFunctions(), outputDirectory);
  addPages(config, bundles);
  return new Map(bundles.map(({ name, directory }) => [name, directory]));
}

/**
 * Writes `pages.json` into the directory of each function that shows pages, and for the example service, which makes its
 * own, what stands around them.
 */
export function addPages(config: ExampleServiceConfig, bundles: readonly Bundle[]): void {
  for (const { name, directory } of bundles) {
    if (name === 'example-service') {
      writeFileSync(join(directory, 'frames.json'), JSON.stringify(renderExampleFrames(config)));
    }
    const pages = pagesOfFunctions[name];
    if (pages === undefined) continue;
    writeFileSync(join(directory, 'pages.json'), JSON.stringify(renderPages(config, pages)));
  }
}

/** The functions: every folder of `lambdas` that has an `index.ts`. */
export function discoverFunctions(): EntryPoints {
  const names = readdirSync(join(root, 'lambdas')).sort();
  const entryPoints = names.map((name) => [name, `lambdas/${name}/index.ts`] as const);
  return new Map(entryPoints.filter(([, file]) => existsSync(join(root, file))));
}

/**
 * Bundles for a short cold start: ES modules, minified, all functions in one run of esbuild, and without
 * those parts of the AWS SDK that a function never runs (see `replacements`).
 */
export function bundle(entryPoints: EntryPoints, outputDirectory: string): readonly Bundle[] {
  return build(entryPoints, outputDirectory, 'esm', {
    minify: true,
    legalComments: 'none',
    // The SDK's ES modules leave out more of what is not used than its CommonJS ones.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(replacements, 'environment-credentials.ts'),
      '@aws-sdk/middleware-endpoint-discovery': join(replacements, 'endpoint-discovery.ts'),
      '@smithy/core/event-streams': join(replacements, 'event-streams.ts'),
      'node:process': join(replacements, 'process.ts'),
    },
  });
}

/**
 * Bundles as `NodejsFunction` of the AWS CDK would by default, with the SDK in the bundle: what {@link
 * bundle} is measured against.
 */
export function bundleWithDefaults(entryPoints: EntryPoints, outputDirectory: string): readonly Bundle[] {
  // Where the bundle itself is, which CommonJS tells in another way, matters only to functions that run.
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
  // Such as a name that a replacement does not have: undefined at run time.
  if (warnings.length > 0) throw new Error(formatMessagesSync(warnings, { kind: 'warning' }).join('\n'));
  return [...entryPoints].map(([name, entryPoint]) => {
    const directory = resolve(outputDirectory, name);
    const contents = readBundleContents(metafile, entryPoint);
    return { name, directory, file: join(directory, `index${extension}`), contents };
  });
}
