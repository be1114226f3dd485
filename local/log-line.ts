/** A function's line for standard output, which has one JSON object a line, whatever the function wrote. */
export function toJsonLine(line: string): string {
  return isJsonObject(line) ? line : JSON.stringify({ message: line });
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
