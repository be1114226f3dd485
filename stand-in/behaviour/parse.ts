/** Thrown for a body that is not valid. The message names the field and the values that are allowed. */
export class InvalidChange extends Error {
  override readonly name = 'InvalidChange';
}

/** Reads one field's value from JSON; `path` is its name in error messages. */
export type Parse<T> = (value: unknown, path: string) => T;

export const boolean: Parse<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new InvalidChange(`${path}: expected true or false`);
  return value;
};

/** Any object, without a check of its fields. */
export const object: Parse<Readonly<Record<string, unknown>>> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidChange(`${path === '' ? 'the body' : path}: expected an object`);
  }
  return { ...value };
};

export const string: Parse<string> = (value, path) => {
  if (typeof value !== 'string') throw new InvalidChange(`${path}: expected a string`);
  return value;
};

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): Parse<number> {
  return (value, path) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw new InvalidChange(`${path}: expected a whole number from ${least} to ${most}`);
    }
    return value as number;
  };
}

/** One of the names. */
export function parseOneOf<const T extends string>(names: readonly T[]): Parse<T> {
  return (value, path) => {
    if (!(names as readonly unknown[]).includes(value)) {
      throw new InvalidChange(`${path}: expected one of ${names.join(', ')}, not ${JSON.stringify(value)}`);
    }
    return value as T;
  };
}

/** An array. */
export function parseList<T>(parse: Parse<T>): Parse<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new InvalidChange(`${path}: expected an array`);
    return value.map((item, index) => parse(item, `${path}[${index}]`));
  };
}

/** The value, or null. */
export function nullOr<T>(parse: Parse<T>): Parse<T | null> {
  return (value, path) => (value === null ? null : parse(value, path));
}

/**
 * An object with some of the fields, each read by its own parser. Fields that are undefined count as absent.
 *
 * @throws InvalidChange for an unknown field, with the names of the known fields
 */
export function parsePart<T extends object>(fields: Fields<T>): Parse<Partial<T>> {
  return (value, path) => {
    const parsed: Partial<T> = {};
    for (const [name, item] of Object.entries(object(value, path))) {
      if (!Object.hasOwn(fields, name)) {
        const known = Object.keys(fields).join(', ');
        throw new InvalidChange(`${path === '' ? name : `${path}.${name}`}: unknown; there are ${known}`);
      }
      if (item === undefined) continue;
      const parse = fields[name as keyof T];
      parsed[name as keyof T] = parse(item, path === '' ? name : `${path}.${name}`);
    }
    return parsed;
  };
}

type Fields<T> = { readonly [Name in keyof T]-?: Parse<T[Name]> };

/**
 * The same with all of the required fields.
 *
 * @throws InvalidChange for missing fields as well
 */
export function parseWhole<T extends object, Name extends keyof T & string>(
  fields: Fields<Required<T>>,
  required: readonly Name[],
): Parse<Partial<T> & Pick<T, Name>> {
  const parse = parsePart<Required<T>>(fields);
  return (value, path) => {
    const parsed = parse(value, path);
    const missing = required.filter((name) => parsed[name] === undefined);
    if (missing.length > 0) throw new InvalidChange(`${path || 'the body'} lacks ${missing.join(', ')}`);
    return parsed as Partial<T> & Pick<T, Name>;
  };
}
