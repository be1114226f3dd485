/**
 * Rewrites a stylesheet so that it can be served from anywhere: every `url()` is changed, and nothing contains the
 * library's version. The notice of the font's copyright stays.
 *
 * @param findFile returns the new name of a file, relative to the stylesheet. `undefined` removes the file from the list
 *   of a font's sources
 * @throws Error if the stylesheet refers to a file without a new name, or still contains a version
 */
export function rewriteStylesheet(css: string, findFile: (url: string) => string | undefined): string {
  const rewritten = css
    .replaceAll(/\/\*(?!!)[\s\S]*?\*\//g, '')
    .replaceAll(/--[\w-]*version:[^;}]*;?/g, '')
    .replaceAll(/src:([^;}]*)/g, (_declaration, sources: string) => {
      const kept = sources.split(/,(?=url\()/).filter((source) => findFile(readUrl(source)) !== undefined);
      return `src:${kept.join(',')}`;
    })
    .replaceAll(
      /url\([^)]*\)/g,
      (reference) => `url(${findFile(readUrl(reference)) ?? failForUnknownFile(reference)})`,
    )
    .trim();
  const version = /\d+\.\d+\.\d+/.exec(rewritten)?.[0];
  if (version !== undefined) throw new Error(`the stylesheet contains a version, ${version}`);
  return rewritten;
}

/**
 * Selects the rules of a stylesheet that use some class names.
 *
 * @param css the output of a compiler, without braces in strings or comments
 * @param names beginnings of class names, without the dot
 */
export function selectRules(css: string, names: readonly string[]): string {
  return splitRules(css.replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    .filter((rule) => names.some((name) => rule.includes(`.${name}`)))
    .join('\n');
}

function splitRules(css: string): readonly string[] {
  const rules: string[] = [];
  let [start, depth] = [0, 0];
  for (const { 0: brace, index } of css.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth > 0) continue;
    rules.push(css.slice(start, index + 1).trim());
    start = index + 1;
  }
  return rules;
}

function readUrl(text: string): string {
  return /url\(["']?([^"')]*)["']?\)/.exec(text)?.[1] ?? '';
}

function failForUnknownFile(reference: string): never {
  throw new Error(`the stylesheet refers to a file that is not served: ${reference}`);
}
