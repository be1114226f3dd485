/**
 * Makes a stylesheet that can be served from anywhere: every `url()` is rewritten, and nothing is left that tells the
 * library's version. The notice of the font's copyright stays.
 *
 * @param fileOf the new name of a file that the stylesheet refers to, relative to the stylesheet itself; undefined
 *   drops it from the list of a font's sources, where it is one of several
 * @throws Error when the stylesheet refers to a file that is neither named nor dropped, or still tells a version
 */
export function rewriteStylesheet(css: string, fileOf: (url: string) => string | undefined): string {
  const rewritten = css
    .replaceAll(/\/\*(?!!)[\s\S]*?\*\//g, '')
    .replaceAll(/--[\w-]*version:[^;}]*;?/g, '')
    .replaceAll(/src:([^;}]*)/g, (_declaration, sources: string) => {
      const kept = sources.split(/,(?=url\()/).filter((source) => fileOf(urlIn(source)) !== undefined);
      return `src:${kept.join(',')}`;
    })
    .replaceAll(/url\([^)]*\)/g, (reference) => `url(${fileOf(urlIn(reference)) ?? unknownFile(reference)})`)
    .trim();
  const version = /\d+\.\d+\.\d+/.exec(rewritten)?.[0];
  if (version !== undefined) throw new Error(`the stylesheet tells a version, ${version}`);
  return rewritten;
}

/**
 * Only those rules of a stylesheet that have to do with some class names.
 *
 * @param css as a compiler writes it: no braces in strings or comments
 * @param names beginnings of class names, without the dot
 */
export function rulesAbout(css: string, names: readonly string[]): string {
  return topLevelRules(css.replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    .filter((rule) => names.some((name) => rule.includes(`.${name}`)))
    .join('\n');
}

function topLevelRules(css: string): readonly string[] {
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

function urlIn(text: string): string {
  return /url\(["']?([^"')]*)["']?\)/.exec(text)?.[1] ?? '';
}

function unknownFile(reference: string): never {
  throw new Error(`the stylesheet refers to a file that is not served: ${reference}`);
}
