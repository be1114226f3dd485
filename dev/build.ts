/**
 * npm runs this script (`prepare`) when you install a clone, pack it, or install it from a git tag. It compiles the package
 * into `dist`, as ES modules and, for CDK apps in CommonJS, as `dist/cjs`, with the bundles of the functions and the files
 * that pages load.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../lib/package-root.ts';
import { pageAssets, renderAsset, serviceAssets } from '../lib/pages/static-assets/static-asset.ts';
import { bundleFunctions } from './bundling/bundle-functions.ts';

process.chdir(packageRoot);
rmSync('dist', { recursive: true, force: true });
compileSources();
convertToCommonJs();
bundleFunctions('dist/bundles');
mkdirSync('dist/assets');
for (const name of [...pageAssets, ...serviceAssets])
  writeFileSync(join('dist/assets', name), renderAsset(name).content);

function compileSources(): void {
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], { stdio: 'inherit' });
  // The compiler changes the extensions of imports in JavaScript, but not in declarations.
  for (const file of globSync('dist/**/*.d.ts')) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(/(['"])(\.\.?\/[^'"]+)\.ts\1/g, '$1$2.js$1'));
  }
}

/** Converts the library only: commands and functions are ES modules for everybody. */
function convertToCommonJs(): void {
  const folders = ['client', 'lambdas', 'lib'];
  buildSync({
    entryPoints: globSync(folders.map((folder) => `dist/${folder}/**/*.js`)),
    outbase: 'dist',
    outdir: 'dist/cjs',
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: {
      'import.meta.url': 'moduleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
  for (const file of globSync(folders.map((folder) => `dist/${folder}/**/*.d.ts`))) {
    cpSync(file, join('dist/cjs', file.slice('dist/'.length)));
  }
  writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
}
