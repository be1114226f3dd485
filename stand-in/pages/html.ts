import { escapeHtml } from '../../lambdas/http/pages/page.ts';

/** Markup that is safe in a page. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = string | number | Html | readonly Html[];

/** Markup from a template. Values that are not markup are escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.reduce((markup, literal, index) => markup + renderPart(parts[index - 1] ?? '') + literal),
  );
}

function renderPart(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map((item) => item.markup).join('');
  return escapeHtml(String(part));
}
