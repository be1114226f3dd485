import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { packageRoot } from '../../lib/package-root.ts';

/** File with a client of ours → file with the SDK's client of the same service. */
const clients: ReadonlyMap<string, string> = new Map(
  ['dynamodb', 'kms'].map((service) => [
    join(packageRoot, 'lambdas', 'adapters', service, 'client.ts'),
    join(import.meta.dirname, `${service}-client.ts`),
  ]),
);

const withSdk: Plugin = {
  name: 'with-sdk',
  setup: ({ onResolve }) => {
    onResolve({ filter: /client\.ts$/ }, ({ resolveDir, path }) => {
      const replacement = clients.get(resolve(resolveDir, path));
      return replacement === undefined ? undefined : { path: replacement };
    });
  },
};

/**
 * Bundles functions as the CDK's `NodejsFunction` does by default, with calls of AWS by its SDK. They run.
 *
 * @returns function name → the bundle
 */
export async function bundleDefaults(
  names: readonly string[],
  outputDirectory: string,
): Promise<ReadonlyMap<string, string>> {
  await build({
    absWorkingDir: packageRoot,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, `lambdas/${name}/index.ts`])),
    outdir: outputDirectory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    plugins: [withSdk],
    // CommonJS has no `import.meta`. Only pages are read by it, and no page is shown here.
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'error',
  });
  return new Map(names.map((name) => [name, join(outputDirectory, name, 'index.cjs')]));
}
