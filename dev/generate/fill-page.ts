/**
 * Writes generated parts into a page: each between `<!-- generated: NAME -->` and `<!-- end of generated -->`.
 *
 * @param parts name → Markdown
 * @throws Error if the page has no place for a part
 */
export function fillPage(page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const place = new RegExp(`(?<=<!-- generated: ${name} -->\n).*?(?=<!-- end of generated -->)`, 's');
    if (!place.test(text)) throw new Error(`the page has no place for "${name}"`);
    return text.replace(place, () => `\n${part}\n\n`);
  }, page);
}

/** Formats a table in Markdown, without spaces around cells. @param rows the first one is the head */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `|${row.join('|')}|`);
  return [lines[0], `|${'---|'.repeat(rows[0]?.length ?? 0)}`, ...lines.slice(1)].join('\n');
}
