import { type Parse, parseList, parseOneOf, parsePart, string } from '../behaviour/parse.ts';
import { plainPerson } from '../people/authentication-people.ts';
import type {
  DocumentClaim,
  Identity,
  Name,
  NamePart,
  Person,
  PersonIdentityOutcome,
} from '../people/person.ts';
import { deriveSubject } from '../people/person.ts';
import { ControlError } from './control-error.ts';

const flag: Parse<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new ControlError(400, `${path}: expected true or false`);
  return value;
};

const documentClaim: Parse<DocumentClaim> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(400, `${path}: expected an object`);
  }
  return value as DocumentClaim;
};

/** An object that has all of the fields named. */
function whole<T extends object>(
  parse: Parse<Partial<T>>,
  required: readonly (keyof T & string)[],
): Parse<T> {
  return (value, path) => {
    const parsed = parse(value, path);
    const missing = required.filter((name) => parsed[name] === undefined);
    if (missing.length > 0) throw new ControlError(400, `${path || 'the body'}: lacks ${missing.join(', ')}`);
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
    address: parseList(documentClaim),
    passport: parseList(documentClaim),
    drivingPermit: parseList(documentClaim),
  }),
  ['highestLevel', 'name', 'birthDate'],
);

const readPersonFields = whole<Partial<Person> & Pick<Person, 'id'>>(
  parsePart<Required<Person>>({
    id: string,
    label: string,
    sub: string,
    email: string,
    emailVerified: flag,
    phoneNumber: string,
    phoneNumberVerified: flag,
    identity,
    identityOutcome: parseOneOf<PersonIdentityOutcome>(['PROVED', 'NOT_PROVED', 'IN_PERSON']),
    returnCodes: parseList(string),
  }),
  ['id'],
);

/**
 * Reads somebody to sign in as. Only `id` must be there; the rest is filled in with nothing special.
 *
 * @throws ControlError, InvalidChange
 */
export function readPerson(value: unknown): Person {
  const fields = readPersonFields(value, '');
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(fields.id)) throw new ControlError(400, 'id: expected kebab-case');
  return { ...plainPerson(fields.id, fields.label ?? fields.id), sub: deriveSubject(fields.id), ...fields };
}
