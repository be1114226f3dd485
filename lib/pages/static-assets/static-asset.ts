import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { rewriteStylesheet, rulesAbout } from './stylesheet.ts';

/** What pages are made of besides their HTML. */
export const pageAssets = [
  'govuk.css',
  'gds-transport-light.woff2',
  'gds-transport-bold.woff2',
  'govuk-crest.svg',
  'favicon.ico',
  'favicon.svg',
  'govuk-icon-mask.svg',
  'govuk-icon-180.png',
  // What the One Login service header needs. It does without its script, which only folds it on small screens.
  'service-header.css',
] as const;

export type AssetName = (typeof pageAssets)[number];

/** A file that browsers get as it is. */
export interface StaticAsset {
  readonly name: AssetName;
  /** Below the public URL. It holds a hash of the content: another content has another path. */
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

/** Of those, the ones whose bytes are no text. */
export const binaryContentTypes: readonly ContentType[] = ['font/woff2', 'image/png', 'image/x-icon'];

const { resolve } = createRequire(import.meta.url);
const govuk = join(dirname(resolve('govuk-frontend/package.json')), 'dist/govuk');
const serviceHeader = join(dirname(resolve('@govuk-one-login/service-header')), '..');

/** Where each comes from. */
const sources: Readonly<Record<AssetName, () => string | Buffer>> = {
  'govuk.css': () => rewriteStylesheet(read(govuk, 'govuk-frontend.min.css'), servedFile),
  'gds-transport-light.woff2': () => readFileSync(join(govuk, 'assets/fonts/light-94a07e06a1-v2.woff2')),
  'gds-transport-bold.woff2': () => readFileSync(join(govuk, 'assets/fonts/bold-b542beb274-v2.woff2')),
  'govuk-crest.svg': image('govuk-crest.svg'),
  'favicon.ico': image('favicon.ico'),
  'favicon.svg': image('favicon.svg'),
  'govuk-icon-mask.svg': image('govuk-icon-mask.svg'),
  'govuk-icon-180.png': image('govuk-icon-180.png'),
  // The rest of that stylesheet are rules of an older GOV.UK Frontend, which would undo those of ours.
  'service-header.css': () =>
    rewriteStylesheet(
      minify(
        rulesAbout(read(serviceHeader, 'styles/service-header.css'), [
          'rebranded-one-login-header',
          'rebranded-cross-service-header',
        ]),
      ),
      servedFile,
    ),
};

/** What the stylesheets' own names stand for. Every browser that gets here knows WOFF2: the older format is left out. */
const servedByUrl: Readonly<Record<string, AssetName>> = {
  '/assets/fonts/light-94a07e06a1-v2.woff2': 'gds-transport-light.woff2',
  '/assets/fonts/bold-b542beb274-v2.woff2': 'gds-transport-bold.woff2',
  '/assets/images/govuk-crest.svg': 'govuk-crest.svg',
};

const made = new Map<AssetName, StaticAsset>();

/**
 * A file as it is served.
 *
 * @throws Error when the library that it comes from has changed in a way that the rewriting does not know
 */
export function staticAsset(name: AssetName): StaticAsset {
  const known = made.get(name);
  if (known !== undefined) return known;
  const content = Buffer.from(sources[name]());
  const extension = extname(name);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const asset: StaticAsset = {
    name,
    path: `assets/${name.slice(0, -extension.length)}-${hash}${extension}`,
    contentType: contentTypes[extension as keyof typeof contentTypes],
    content,
  };
  made.set(name, asset);
  return asset;
}

/**
 * Where a page finds a file: `<publicUrl>/<assetPath>`, such as `assets/govuk-1f0c….css`. For the rendering of pages at
 * synth time.
 */
export function assetPath(name: AssetName): string {
  return staticAsset(name).path;
}

/** Stylesheets lie beside what they refer to. */
function servedFile(url: string): string | undefined {
  const name = servedByUrl[url];
  return name === undefined ? undefined : staticAsset(name).path.slice('assets/'.length);
}

function image(name: string): () => Buffer {
  return () => readFileSync(join(govuk, 'assets/images', name));
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}

function minify(css: string): string {
  return transformSync(css, { loader: 'css', minify: true, legalComments: 'none' }).code.trim();
}
