/** HTML that is safe to send: fixed words and escaped values. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be put between fixed words. */
export type HtmlValue = string | Html | readonly Html[] | undefined;

/** Joins fixed words and values to HTML; values are escaped unless they are HTML already. */
export function html(words: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = words.flatMap((word, index) => [word, toText(values[index])]);
  return new Html(parts.join(''));
}

function toText(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') {
    return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('\n');
}
