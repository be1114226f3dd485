import { isJsonObject, type JsonObject } from './json-object.ts';

/** A name that a user has or had. */
export interface IdentityName {
  readonly given_names: readonly string[];
  readonly family_names: readonly string[];
  /** All parts in the order of the name, with spaces between them. Given names need not come first. */
  readonly full_name: string;
  /** `YYYY-MM-DD`. */
  readonly valid_from?: string;
  /** `YYYY-MM-DD`; absent for a current name. */
  readonly valid_until?: string;
}

/**
 * Reads the names of a core identity's `vc` claim: any number of parts, in any order of types, of any characters.
 * A part of an unknown type is part of the full name only. The second element of `vc.type` is not looked at: it
 * differs between the documentation and the live service.
 *
 * @returns at least one name, in their order; undefined when there is none or one is ill-formed
 */
export function readNames(vc: unknown): readonly IdentityName[] | undefined {
  return readList(subjectMember(vc, 'name'), readName);
}

/**
 * Reads the birth dates of a core identity's `vc` claim.
 *
 * @returns at least one date, in their order; undefined when there is none or one is ill-formed
 */
export function readBirthDates(vc: unknown): readonly string[] | undefined {
  return readList(subjectMember(vc, 'birthDate'), ({ value }) =>
    typeof value === 'string' ? value : undefined,
  );
}

function subjectMember(vc: unknown, name: string): unknown {
  const subject = isJsonObject(vc) ? vc['credentialSubject'] : undefined;
  return isJsonObject(subject) ? subject[name] : undefined;
}

function readName(name: JsonObject): IdentityName | undefined {
  const parts = readList(name['nameParts'], ({ type, value }) =>
    typeof type === 'string' && typeof value === 'string' ? { type, value } : undefined,
  );
  const validFrom = readOptionalText(name['validFrom']);
  const validUntil = readOptionalText(name['validUntil']);
  if (parts === undefined || validFrom === undefined || validUntil === undefined) return undefined;

  const valuesOf = (type: string) => parts.filter((part) => part.type === type).map((part) => part.value);
  return {
    given_names: valuesOf('GivenName'),
    family_names: valuesOf('FamilyName'),
    full_name: parts.map((part) => part.value).join(' '),
    ...(validFrom !== null && { valid_from: validFrom }),
    ...(validUntil !== null && { valid_until: validUntil }),
  };
}

/** @returns null when it is absent, undefined when it is ill-formed */
function readOptionalText(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : undefined;
}

/** @returns undefined unless `list` is a non-empty array of objects which can all be read */
function readList<T>(list: unknown, read: (item: JsonObject) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const items = list.map((item: unknown) => (isJsonObject(item) ? read(item) : undefined));
  return items.includes(undefined) ? undefined : (items as T[]);
}
