import {
  boolean,
  InvalidChange,
  object,
  type Parse,
  parseList,
  parseOneOf,
  parsePart,
  string,
} from '../behaviour/parse.ts';
import { plainPerson } from '../people/authentication-people.ts';
import type { Identity, Name, NamePart, Person, PersonIdentityOutcome } from '../people/person.ts';
import { deriveSubject } from '../people/person.ts';

/** An object that has all of the required fields. */
function whole<T extends object>(
  parse: Parse<Partial<T>>,
  required: readonly (keyof T & string)[],
): Parse<T> {
  return (value, path) => {
    const parsed = parse(value, path);
    const missing = required.filter((name) => parsed[name] === undefined);
    if (missing.length > 0) throw new InvalidChange(`${path || 'the body'}: lacks ${missing.join(', ')}`);
    return parsed as T;
  };
}

const namePart = whole<NamePart>(
  parsePart<NamePart>({ type: parseOneOf(['GivenName', 'FamilyName']), value: string }),
  ['type', 'value'],
);
const name = whole<Name>(
  parsePart<Required<Name>>({ nameParts: parseList(namePart), validFrom: string, validUntil: string }),
  ['nameParts'],
);
const birthDate = whole<{ readonly value: string }>(
  parsePart<{ readonly value: string }>({ value: string }),
  ['value'],
);
const identity = whole<Identity>(
  parsePart<Required<Identity>>({
    highestLevel: parseOneOf(['P1', 'P2']),
    name: parseList(name),
    birthDate: parseList(birthDate),
    address: parseList(object),
    passport: parseList(object),
    drivingPermit: parseList(object),
  }),
  ['highestLevel', 'name', 'birthDate'],
);

const readPersonFields = whole<Partial<Person> & Pick<Person, 'id'>>(
  parsePart<Required<Person>>({
    id: string,
    label: string,
    sub: string,
    email: string,
    emailVerified: boolean,
    phoneNumber: string,
    phoneNumberVerified: boolean,
    identity,
    identityOutcome: parseOneOf<PersonIdentityOutcome>(['PROVED', 'NOT_PROVED', 'IN_PERSON']),
    returnCodes: parseList(string),
  }),
  ['id'],
);

/**
 * Reads a person. Only `id` is required; the other fields have ordinary defaults.
 *
 * @throws InvalidChange
 */
export function readPerson(value: unknown): Person {
  const fields = readPersonFields(value, '');
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(fields.id)) throw new InvalidChange('id: expected kebab-case');
  return { ...plainPerson(fields.id, fields.label ?? fields.id), sub: deriveSubject(fields.id), ...fields };
}
