import { parseJsonObject } from '../lambdas/core/one-login/json-object.ts';

/** A function's line for standard output, which has one JSON object a line, whatever the function wrote. */
export function toJsonLine(line: string): string {
  return parseJsonObject(line) === undefined ? JSON.stringify({ message: line }) : line;
}
