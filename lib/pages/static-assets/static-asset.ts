import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { isCompiled, packageRoot } from '../../package-root.ts';
import { texts } from '../page-texts.ts';
import { rewriteStylesheet, selectRules } from './stylesheet.ts';

/** The files that pages load. */
export const pageAssets = [
  'govuk.css',
  'gds-transport-light.woff2',
  'gds-transport-bold.woff2',
  'govuk-crest.svg',
  'favicon.ico',
  'favicon.svg',
  'govuk-icon-mask.svg',
  'govuk-icon-180.png',
  // For the One Login service header. We leave out its script, which only folds it on small screens.
  'service-header.css',
] as const;

/** The files that the pages of a service load: see `session-timeout.ts`. */
export const serviceAssets = ['session-timeout.js', 'session-timeout.css'] as const;

export type AssetName = (typeof pageAssets | typeof serviceAssets)[number];

/** A file that the API serves unchanged. */
export interface StaticAsset {
  readonly name: AssetName;
  /** Below the public URL. */
  readonly path: `assets/${string}`;
  /** Whether the path contains a hash of the content, so that a changed file has another path. */
  readonly isHashed: boolean;
  readonly contentType: ContentType;
  readonly content: Buffer;
}

const contentTypes = {
  '.css': 'text/css',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
} as const;

export type ContentType = (typeof contentTypes)[keyof typeof contentTypes];

/** The content types that are not text. */
export const binaryContentTypes: readonly ContentType[] = ['font/woff2', 'image/png', 'image/x-icon'];

const { resolve } = createRequire(import.meta.url);
const govuk = join(dirname(resolve('govuk-frontend/package.json')), 'dist/govuk');
const serviceHeader = join(dirname(resolve('@govuk-one-login/service-header')), '..');

/** Returns the content of each file. */
const sources: Readonly<Record<AssetName, () => string | Buffer>> = {
  'govuk.css': () => rewriteStylesheet(read(govuk, 'govuk-frontend.min.css'), findServedFile),
  'gds-transport-light.woff2': () => readFileSync(join(govuk, 'assets/fonts/light-94a07e06a1-v2.woff2')),
  'gds-transport-bold.woff2': () => readFileSync(join(govuk, 'assets/fonts/bold-b542beb274-v2.woff2')),
  'govuk-crest.svg': readImage('govuk-crest.svg'),
  'favicon.ico': readImage('favicon.ico'),
  'favicon.svg': readImage('favicon.svg'),
  'govuk-icon-mask.svg': readImage('govuk-icon-mask.svg'),
  'govuk-icon-180.png': readImage('govuk-icon-180.png'),
  // The rest of that stylesheet is an older GOV.UK Frontend, whose rules would override ours.
  'service-header.css': () =>
    rewriteStylesheet(
      minify(
        selectRules(read(serviceHeader, 'styles/service-header.css'), [
          'rebranded-one-login-header',
          'rebranded-cross-service-header',
        ]),
      ),
      findServedFile,
    ),
  'session-timeout.js': () =>
    buildForBrowser('session-timeout.ts', {
      TEXTS: JSON.stringify({ en: texts.en.sessionTimeout, cy: texts.cy.sessionTimeout }),
    }),
  'session-timeout.css': () => buildForBrowser('session-timeout.css'),
};

/** Maps the URLs in the stylesheets to our files. Every browser that can use the service supports WOFF2. */
const filesByUrl: Readonly<Record<string, AssetName>> = {
  '/assets/fonts/light-94a07e06a1-v2.woff2': 'gds-transport-light.woff2',
  '/assets/fonts/bold-b542beb274-v2.woff2': 'gds-transport-bold.woff2',
  '/assets/images/govuk-crest.svg': 'govuk-crest.svg',
};

const rendered = new Map<AssetName, StaticAsset>();

/**
 * Renders a file.
 *
 * @throws Error if its library has changed so that `rewriteStylesheet` does not handle it
 */
export function renderAsset(name: AssetName): StaticAsset {
  const known = rendered.get(name);
  if (known !== undefined) return known;
  const content = isCompiled
    ? readFileSync(join(packageRoot, 'dist/assets', name))
    : Buffer.from(sources[name]());
  const extension = extname(name);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const isHashed = !serviceAssets.some((each) => each === name);
  const asset: StaticAsset = {
    name,
    path: `assets/${isHashed ? `${name.slice(0, -extension.length)}-${hash}${extension}` : name}`,
    isHashed,
    contentType: contentTypes[extension as keyof typeof contentTypes],
    content,
  };
  rendered.set(name, asset);
  return asset;
}

/** Returns the path of a file below the public URL, such as `assets/govuk-1f0c….css`. */
export function findAssetPath(name: AssetName): string {
  return renderAsset(name).path;
}

/** Stylesheets are in the same folder as the files that they refer to. */
function findServedFile(url: string): string | undefined {
  const name = filesByUrl[url];
  return name === undefined ? undefined : renderAsset(name).path.slice('assets/'.length);
}

/**
 * Bundles and minifies a file of `lib/pages/browser`. A package has its result and no esbuild, so that loads only here.
 *
 * @param define values of the names that the script declares
 */
function buildForBrowser(file: string, define: Readonly<Record<string, string>> = {}): string {
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(packageRoot, 'lib/pages/browser', file)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    // The first Safari that the script runs in.
    target: ['es2021', 'safari15.4'],
    define,
  });
  return outputFiles[0]?.text ?? '';
}

function readImage(name: string): () => Buffer {
  return () => readFileSync(join(govuk, 'assets/images', name));
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}

/** The selected rules contain no strings. */
function minify(css: string): string {
  return css.replaceAll(/\s+/g, ' ').replaceAll(/ ?([{};]) ?/g, '$1');
}
