/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One page: everything in it but `body` is escaped here. */
export interface Page {
  readonly title: string;
  readonly serviceName: string;
  /** HTML, made of fixed words and escaped values. */
  readonly body: string;
  /** Further elements of the head. */
  readonly head?: string;
}

/** The frame that all pages share. */
export function renderPage({ title, serviceName, body, head = '' }: Page): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – ${escapeHtml(serviceName)}</title>
${head}</head>
<body>
<header><p>${escapeHtml(serviceName)}</p></header>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
