import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import nunjucks from 'nunjucks';
import type { Html, PagePart, PageValue } from '../../lambdas/http/pages/page-file.ts';
import { buttonScript } from './button-script.ts';
import { type AssetName, assetPath } from './static-assets/static-asset.ts';

const { resolve } = createRequire(import.meta.url);
const designSystem = join(dirname(resolve('govuk-frontend/package.json')), 'dist');
const serviceHeader = join(dirname(resolve('@govuk-one-login/service-header')), '../nunjucks');
/** The service header names the design system's templates from the folder that packages are in. */
const packages = join(designSystem, '../../..');

/** Escapes whatever it inserts, but for what the design system's macros made. */
const environment = new nunjucks.Environment(
  new nunjucks.FileSystemLoader([
    join(import.meta.dirname, 'templates'),
    designSystem,
    serviceHeader,
    packages,
  ]),
  { autoescape: true, trimBlocks: true, lstripBlocks: true },
);

/** Characters for private use, which no config can hold, stand around the name of what is filled in later. */
const [begin, end] = ['\uE000', '\uE001'];
const marks = new RegExp(`${begin}(\\w+)\\.(\\w+)${end}`, 'u');

/** As a template's variable: where a value will stand that is known only when the page is shown. */
export function laterValue(name: PageValue): string {
  return `${begin}value.${name}${end}`;
}

/** As a template's variable: where the HTML is taken apart, because what comes next is the same on many pages. */
const cut = '\uE002';

/** As a template's variable: where the one script of ours will stand. */
const scriptMark = '\uE004';

/** As a template's variable: where one of the parts will stand in which pages differ. */
function laterPart(name: PagePart): string {
  return `${begin}part.${name}${end}`;
}

environment.addGlobal('part', laterPart);
environment.addGlobal('cut', cut);
environment.addGlobal('buttonScript', scriptMark);
environment.addGlobal('asset', (name: AssetName) => `${laterValue('publicUrl')}/${assetPath(name)}`);

/**
 * Renders a template of `templates/`.
 *
 * @param variables which the template escapes
 * @returns what it comes to, without comments, the scripts of others and their marks
 */
export function renderHtml(template: string, variables: object): Html {
  const html = environment
    .render(template, variables)
    .replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/\s+data-module="[^"]*"/g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\s+<\/a>/g, '</a>')
    .replaceAll(/(<a\b[^>]*>)\s+/g, '$1')
    .replaceAll(/<svg\b/g, `${cut}$&`)
    .replaceAll(/<(path|g)\b[\s\S]*?(?:<\/g>|\/>(?=\s*<\/svg>))/g, `${cut}$&${cut}`)
    .replaceAll(scriptMark, () => `${cut}<script>${buttonScript}</script>${cut}`)
    .trim();
  return splitHtml(html);
}

/** Text as HTML. */
export function escapeText(text: string): Html {
  return splitHtml(environment.renderString('{{ text }}', { text }));
}

/** Splits at the marks: literal text, then what kind of thing and its name, and so on. */
function splitHtml(html: string): Html {
  const pieces = html.split(marks);
  return pieces.flatMap((piece, index): Html => {
    if (index % 3 === 1) return [];
    if (index % 3 === 0) return piece.split(cut).filter((text) => text !== '');
    return pieces[index - 1] === 'part' ? [{ part: piece as PagePart }] : [{ value: piece as PageValue }];
  });
}
