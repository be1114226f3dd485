import { escapeHtml } from '../http/pages/page.ts';

/** Safe HTML: fixed words and escaped values. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | Html | readonly Html[] | undefined;

/** Joins fixed words and values to HTML. Values are escaped unless they are HTML already. */
export function html(words: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = words.flatMap((word, index) => [word, toText(values[index])]);
  return new Html(parts.join(''));
}

function toText(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') {
    return escapeHtml(value);
  }
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('\n');
}
