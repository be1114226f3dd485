import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { isCompiled, packageRoot } from '../../package-root.ts';
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

export type AssetName = (typeof pageAssets)[number];

/** A file that the API serves unchanged. */
export interface StaticAsset {
  readonly name: AssetName;
  /** Below the public URL. It contains a hash of the content, so a changed file has another path. */
  readonly path: `assets/${string}`;
  readonly contentType: ContentType;
  readonly content: Buffer;
}

const contentTypes = {
  '.css': 'text/css',
  '.ico': 'image/x-icon',
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
  const asset: StaticAsset = {
    name,
    path: `assets/${name.slice(0, -extension.length)}-${hash}${extension}`,
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
