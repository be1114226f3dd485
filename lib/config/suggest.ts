/** The most letters that a person gets wrong in a word. */
const mostDifferences = 3;

/** @returns the option that is most like the word, if one is like it at all */
export function suggest(word: string, options: readonly string[]): string | undefined {
  const limit = Math.min(mostDifferences, Math.floor(word.length / 3));
  const [closest] = options
    .map((option) => ({ option, differences: countDifferences(word.toLowerCase(), option.toLowerCase()) }))
    .filter(({ differences }) => differences <= limit)
    .sort((left, right) => left.differences - right.differences);
  return closest?.option;
}

/** @returns the Levenshtein distance: how many letters to add, remove or replace */
function countDifferences(left: string, right: string): number {
  let row = [...Array(right.length + 1).keys()];
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column += 1) {
      const [diagonal = 0, above = 0, before = 0] = [row[column], row[column + 1], next[column]];
      next.push(Math.min(diagonal + (letter === right[column] ? 0 : 1), above + 1, before + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
