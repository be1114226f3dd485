import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import nunjucks from 'nunjucks';
import type { Html, PagePart, PageValue } from '../../lambdas/http/pages/page-file.ts';
import { packageRoot } from '../package-root.ts';
import { buttonScript } from './button-script.ts';
import { type AssetName, findAssetPath } from './static-assets/static-asset.ts';

const { resolve } = createRequire(import.meta.url);
const designSystem = join(dirname(resolve('govuk-frontend/package.json')), 'dist');
const serviceHeader = join(dirname(resolve('@govuk-one-login/service-header')), '../nunjucks');
/** The service header refers to the design system's templates from the folder of all packages. */
const packages = join(designSystem, '../../..');

/** Escapes everything that it inserts, except the HTML of the design system's macros. */
const environment = new nunjucks.Environment(
  new nunjucks.FileSystemLoader([
    join(packageRoot, 'lib/pages/templates'),
    designSystem,
    serviceHeader,
    packages,
  ]),
  { autoescape: true, trimBlocks: true, lstripBlocks: true },
);

/** Private-use characters, which no config can contain, enclose the name of a value or part that is filled in later. */
const [begin, end] = ['\uE000', '\uE001'];
const marks = new RegExp(`${begin}(\\w+)\\.(\\w+)${end}`, 'u');

/** Returns the variable of a template for a value that is known only when the page is shown. */
export function markValue(name: PageValue): string {
  return `${begin}value.${name}${end}`;
}

/** The variable of a template for our one script, which must survive the removal of all other scripts. */
const scriptMark = '\uE004';

/** Returns the variable of a template for a part that differs from page to page. */
function markPart(name: PagePart): string {
  return `${begin}part.${name}${end}`;
}

environment.addGlobal('part', markPart);
environment.addGlobal('buttonScript', scriptMark);
environment.addGlobal('asset', (name: AssetName) => `${markValue('publicUrl')}/${findAssetPath(name)}`);

/**
 * Renders a template of `templates/`.
 *
 * @param variables texts, which the template escapes
 * @returns HTML without comments, the scripts of others and the attributes for them
 */
export function renderHtml(template: string, variables: object): Html {
  const html = environment
    .render(template, variables)
    .replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
    .replaceAll(/\s+data-module="[^"]*"/g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\s+<\/a>/g, '</a>')
    .replaceAll(/(<a\b[^>]*>)\s+/g, '$1')
    .replaceAll(scriptMark, () => `<script>${buttonScript}</script>`)
    .trim();
  return splitHtml(html);
}

/** Escapes text for HTML. */
export function escapeText(text: string): Html {
  return splitHtml(environment.renderString('{{ text }}', { text }));
}

/** Splits at the marks. Each literal text is followed by the kind and the name of a mark. */
function splitHtml(html: string): Html {
  const pieces = html.split(marks);
  return pieces.flatMap((piece, index): Html => {
    if (index % 3 === 1) return [];
    if (index % 3 === 0) return piece === '' ? [] : [piece];
    return pieces[index - 1] === 'part' ? [{ part: piece as PagePart }] : [{ value: piece as PageValue }];
  });
}
