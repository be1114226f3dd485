/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param deepest how many objects and lists may lie within one another; deeper ones are not even parsed
 * @returns the object, or undefined when the text is not JSON or holds something else
 */
export function parseJsonObject(text: string, deepest?: number): JsonObject | undefined {
  if (deepest !== undefined && isDeeperThan(text, deepest)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // The parser's message quotes the text, which may hold a token: it is not passed on.
    return undefined;
  }
}

/** Looks at the brackets outside of strings, in one pass that builds nothing. */
function isDeeperThan(text: string, deepest: number): boolean {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length && depth <= deepest; index += 1) {
    const character = text[index];
    if (character === '"') isString = !isString;
    else if (isString) index += Number(character === '\\');
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return depth > deepest;
}
