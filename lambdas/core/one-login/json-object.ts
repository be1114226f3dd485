/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Far above what One Login sends. What is within them can be walked, sealed and stored without a limit of ours in the way. */
export const jsonLimits = {
  /** Objects and arrays inside each other. */
  depth: 16,
  /** Members of objects and arrays, all together. */
  values: 4_000,
  /** Characters of a string or of a name: more than the longest JWT that is read. */
  text: 100_000,
} as const;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the object, or undefined when the text is not JSON, holds something else, or exceeds {@link jsonLimits}. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isWithinLimits(value) ? value : undefined;
  } catch {
    // The parser's message quotes the text, which may hold a token: it is not passed on.
    return undefined;
  }
}

/** Level by level, not by recursion, which would run out of stack. */
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
