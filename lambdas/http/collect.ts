/** Every value of each name, in one pass: whoever sends them chooses how many names there are. */
export function collect(
  pairs: Iterable<readonly [name: string, value: string]>,
): ReadonlyMap<string, readonly string[]> {
  const collected = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = collected.get(name);
    if (values === undefined) collected.set(name, [value]);
    else values.push(value);
  }
  return collected;
}
