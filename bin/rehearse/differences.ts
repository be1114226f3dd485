import { isJsonList, isJsonObject, type Json } from '../../local/template/json.ts';

/** Logical id → what the resource is called in AWS. */
export type PhysicalIds = ReadonlyMap<string, string>;

/**
 * Where something is not as the template says. What only AWS knows (an ARN, what a function answered) may be anything
 * but nothing; everything else has to be there and equal. What the template does not mention is not looked at.
 *
 * @returns sentences, each with the path to what differs
 */
export function differences(
  expected: Json,
  actual: Json | undefined,
  physicalIds: PhysicalIds,
  path = '',
): readonly string[] {
  if (isIntrinsic(expected) || !(isJsonObject(expected) || isJsonList(expected))) {
    const text = isScalar(actual) ? String(actual) : JSON.stringify(actual);
    return new RegExp(`^${buildPattern(expected, physicalIds)}$`, 's').test(text ?? '')
      ? []
      : [`${path} is ${text ?? 'missing'}, expected ${JSON.stringify(expected)}`];
  }
  if (isJsonList(expected)) {
    if (!isJsonList(actual) || actual.length !== expected.length) {
      return [`${path} is ${JSON.stringify(actual) ?? 'missing'}, expected ${JSON.stringify(expected)}`];
    }
    return expected.flatMap((item, index) =>
      differences(item, actual[index], physicalIds, `${path}[${index}]`),
    );
  }
  const values = isJsonObject(actual) ? actual : {};
  return Object.entries(expected).flatMap(([name, value]) =>
    differences(value, values[name], physicalIds, path === '' ? name : `${path}.${name}`),
  );
}

function isScalar(value: Json | undefined): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null);
}

function isIntrinsic(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

/** What the value of a template can become: a regular expression. */
function buildPattern(value: Json, physicalIds: PhysicalIds): string {
  if (!isJsonObject(value)) return escaped(String(value));
  const { Ref: reference, 'Fn::Join': join } = value;
  if (typeof reference === 'string') {
    const id = physicalIds.get(reference);
    return id === undefined ? '.+' : escaped(id);
  }
  const [separator, parts] = isJsonList(join) ? join : [];
  if (isJsonList(parts)) {
    return parts.map((part) => buildPattern(part, physicalIds)).join(escaped(String(separator)));
  }
  return '.+';
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
