import type { Html, PageFile } from '../../lambdas/http/pages/page-file.ts';

/** What is shorter is not worth a reference. */
const shortest = 40;

/** Has every piece of HTML that comes more than once, such as the logo's outline, be in the file once. */
export function shareRepeated(file: Omit<PageFile, 'shared'>): PageFile {
  const counts = new Map<string, number>();
  walk(file, (piece) => {
    if (piece.length >= shortest) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    return piece;
  });
  const shared = [...counts].filter(([, count]) => count > 1).map(([piece]) => piece);
  const places = new Map(shared.map((piece, place) => [piece, place]));
  const shortened = walk(file, (piece) => {
    const place = places.get(piece);
    return place === undefined ? piece : { shared: place };
  });
  return { shared, ...shortened };
}

/** The same, with every literal piece of every HTML replaced. */
function walk<T>(value: T, replace: (piece: string) => Html[number]): T {
  if (Array.isArray(value)) {
    return value.map((piece: Html[number]) => (typeof piece === 'string' ? replace(piece) : piece)) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, walk(below, replace)])) as T;
}
