/** HTML that is safe to send: fixed words and escaped values. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Joins fixed words and values to HTML; values are escaped unless they are HTML already. */
export function html(
  words: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  const parts = words.flatMap((word, index) => [word, toText(values[index] ?? '')]);
  return new Html(parts.join(''));
}

/** One page of the example service. It needs no script. */
export function renderPage(title: string, body: Html): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Example service</title>
</head>
<body>
<header><p><a href="/">Example service</a></p></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}

function toText(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') {
    return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('\n');
}
