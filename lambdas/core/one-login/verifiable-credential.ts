import { isJsonObject, type JsonObject } from './json-object.ts';

/** A current or former name of a user. */
export interface IdentityName {
  readonly given_names: readonly string[];
  readonly family_names: readonly string[];
  /** All parts in their order, with spaces between them. Given names may not come first. */
  readonly full_name: string;
  /** `YYYY-MM-DD`. */
  readonly valid_from?: string;
  /** `YYYY-MM-DD`; absent for a current name. */
  readonly valid_until?: string;
}

/**
 * An identity is unusable when:
 *
 * - no name can be read, or a current one can't be
 * - there is no birth date, or one is not a calendar date, `YYYY-MM-DD`
 *
 * Former names that can't be read are left out, and so are parts of a name that are only white space. A part of an unknown
 * type appears in the full name only. The second element of `vc.type` is not checked, because it differs between the
 * documentation and the live service.
 */

/** @returns at least one name, in their order; undefined when they make the identity unusable */
export function readNames(vc: unknown): readonly IdentityName[] | undefined {
  const names = subjectMember(vc, 'name');
  if (!Array.isArray(names)) return undefined;
  return readList(
    names.filter((name: unknown) => !isFormer(name) || readName(name) !== undefined),
    readName,
  );
}

/** @returns at least one date, in their order; undefined when they make the identity unusable */
export function readBirthDates(vc: unknown): readonly string[] | undefined {
  return readList(subjectMember(vc, 'birthDate'), ({ value }) =>
    typeof value === 'string' && isDate(value) ? value : undefined,
  );
}

function isDate(text: string): boolean {
  // `Date` accepts years of six digits, which begin with a sign, and reads 30 February as 2 March.
  if (!/^\d/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
}

function isFormer(name: unknown): name is JsonObject {
  return isJsonObject(name) && typeof name['validUntil'] === 'string';
}

function subjectMember(vc: unknown, name: string): unknown {
  const subject = isJsonObject(vc) ? vc['credentialSubject'] : undefined;
  return isJsonObject(subject) ? subject[name] : undefined;
}

function readName(name: JsonObject): IdentityName | undefined {
  const parts = readList(name['nameParts'], ({ type, value }) =>
    typeof type === 'string' && typeof value === 'string' ? { type, value } : undefined,
  )?.filter(({ value }) => value.trim() !== '');
  const validFrom = readOptionalText(name['validFrom']);
  const validUntil = readOptionalText(name['validUntil']);
  if (!parts?.length || validFrom === undefined || validUntil === undefined) return undefined;

  const readValues = (type: string) => parts.filter((part) => part.type === type).map((part) => part.value);
  return {
    given_names: readValues('GivenName'),
    family_names: readValues('FamilyName'),
    full_name: parts.map((part) => part.value).join(' '),
    ...(validFrom !== null && { valid_from: validFrom }),
    ...(validUntil !== null && { valid_until: validUntil }),
  };
}

/** @returns null when it is absent, undefined when it is malformed */
function readOptionalText(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : undefined;
}

/** @returns undefined unless `list` is a non-empty array of objects that can all be read */
function readList<T>(list: unknown, read: (item: JsonObject) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const items = list.map((item: unknown) => (isJsonObject(item) ? read(item) : undefined));
  return items.includes(undefined) ? undefined : (items as T[]);
}
