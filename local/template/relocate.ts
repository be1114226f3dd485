import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';

/** An origin such as `http://localhost:8080` and the one that replaces it. */
export interface Relocation {
  readonly from: string;
  readonly to: string;
}

/**
 * Moves a template to other ports: replaces origins everywhere, and their hosts also in the percent-encoded form of
 * `did:web` identifiers. One synthesis is then enough for environments on any port.
 */
export function relocate(template: JsonObject, relocations: readonly Relocation[]): JsonObject {
  const moves = relocations
    .filter(({ from, to }) => from !== to)
    .flatMap(({ from, to }) => [
      [pattern(from), to] as const,
      [pattern(`did:web:${encodedHost(from)}`), `did:web:${encodedHost(to)}`] as const,
    ]);
  // In one pass, so that what has been moved is not moved again.
  const all = new RegExp(moves.map(([source]) => `(${source})`).join('|') || '(?!)', 'g');
  const moveText = (text: string) =>
    text.replace(
      all,
      (...match) => moves.find((_, index) => match[index + 1] !== undefined)?.[1] ?? match[0],
    );
  const move = (value: Json): Json => {
    if (typeof value === 'string') return moveText(value);
    if (isJsonList(value)) return value.map(move);
    return isJsonObject(value) ? moveObject(value) : value;
  };
  const moveObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, move(value)]));
  return moveObject(template);
}

/** Not the beginning of a longer port. */
function pattern(text: string): string {
  return `${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\d)`;
}

function encodedHost(origin: string): string {
  return encodeURIComponent(new URL(origin).host);
}
