/** A JSON object with unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Far above what One Login sends. A value within these limits can be processed, sealed and stored. */
export const jsonLimits = {
  /** Nested objects and arrays. */
  depth: 16,
  /** Members of all objects and arrays. */
  values: 4_000,
  /** Characters of a string or of a name: more than the longest JWT that is read. */
  text: 100_000,
} as const;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined when the text is not a JSON object, or exceeds {@link jsonLimits} */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isWithinLimits(value) ? value : undefined;
  } catch {
    // The parser's message is dropped, because it quotes the text, which may contain a token.
    return undefined;
  }
}

/** Level by level: recursion could overflow the stack. */
function isWithinLimits(root: object): boolean {
  let level: object[] = [root];
  let values = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > jsonLimits.depth) return false;
    const next: object[] = [];
    for (const container of level) {
      for (const [name, value] of Object.entries(container) as [string, unknown][]) {
        values += 1;
        if (values > jsonLimits.values || name.length > jsonLimits.text) return false;
        if (typeof value === 'string' && value.length > jsonLimits.text) return false;
        if (typeof value === 'object' && value !== null) next.push(value);
      }
    }
    level = next;
  }
  return true;
}
