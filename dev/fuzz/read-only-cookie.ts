/** @returns the value of the only cookie with that name, as RFC 6265, 5.2 reads the headers */
export function readOnlyCookie(headers: readonly string[], name: string): string | undefined {
  const values = headers
    .flatMap((header) => header.split(';'))
    .flatMap((pair) => {
      const [, found, value] = /^[ \t]*([^=]*?)[ \t]*=[ \t]*(.*?)[ \t]*$/s.exec(pair) ?? [];
      return found === name ? [value] : [];
    });
  return values.length === 1 ? values[0] : undefined;
}
