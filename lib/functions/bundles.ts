import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type ExampleServiceConfig, renderExampleFrames } from '../example-service/render-frames.ts';
import { isCompiled, packageRoot } from '../package-root.ts';
import { functionPages } from '../pages/page-definitions.ts';
import { renderPages } from '../pages/render-pages.ts';

/** The bundles of an installed package. */
const prebuiltBundles = join(packageRoot, 'dist/bundles');

/** Lists the names of all functions. */
export function listFunctions(): readonly string[] {
  if (isCompiled) return readdirSync(prebuiltBundles);
  const names = readdirSync(join(packageRoot, 'lambdas')).sort();
  return names.filter((name) => existsSync(join(packageRoot, 'lambdas', name, 'index.ts')));
}

/**
 * Writes the bundle of every function, with the pages of the deployment. The same sources and config always make the same
 * bytes. The CDK names assets by their hash, so it does not deploy an unchanged function again.
 *
 * @param config the fields that pages show
 * @param outputDirectory the place for a directory of each function
 * @returns function name → directory with its `index.mjs`
 * @throws Error if a function of a clone does not compile, or compiles with warnings
 */
export function writeBundles(
  config: ExampleServiceConfig,
  outputDirectory: string,
): ReadonlyMap<string, string> {
  if (isCompiled) cpSync(prebuiltBundles, outputDirectory, { recursive: true });
  else bundleSources(outputDirectory);
  const bundles = listFunctions().map((name) => [name, join(outputDirectory, name)] as const);
  for (const [name, directory] of bundles) writePages(config, name, directory);
  return new Map(bundles);
}

/**
 * Writes `pages.json` for a function that shows pages, or `frames.json` for the example service, which renders its own
 * pages.
 *
 * @param directory of the function's bundle
 */
export function writePages(config: ExampleServiceConfig, name: string, directory: string): void {
  if (name === 'example-service') {
    writeFileSync(join(directory, 'frames.json'), JSON.stringify(renderExampleFrames(config)));
  }
  const pages = functionPages[name];
  if (pages === undefined) return;
  writeFileSync(join(directory, 'pages.json'), JSON.stringify(renderPages(config, pages)));
}

/** A package has no sources and no esbuild, so they load only here. */
function bundleSources(outputDirectory: string): void {
  const require = createRequire(import.meta.url);
  require('../../dev/bundling/bundle-functions.ts').bundleFunctions(outputDirectory);
}
