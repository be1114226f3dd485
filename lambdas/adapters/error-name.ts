/**
 * What to call a failure in a message: its code (`ECONNRESET`) or its name, neither of which holds any data.
 */
export function errorName(error: unknown): string {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? 'unknown error');
}
