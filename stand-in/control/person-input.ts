import {
  boolean,
  InvalidChange,
  object,
  parseList,
  parseOneOf,
  parseWhole,
  string,
} from '../behaviour/parse.ts';
import { plainPerson } from '../people/built-in-people.ts';
import {
  deriveSubject,
  type Identity,
  type Name,
  type NamePart,
  type Person,
  type PersonIdentityOutcome,
} from '../people/person.ts';

const namePart = parseWhole<NamePart, 'type' | 'value'>(
  { type: parseOneOf(['GivenName', 'FamilyName']), value: string },
  ['type', 'value'],
);
const name = parseWhole<Name, 'nameParts'>(
  { nameParts: parseList(namePart), validFrom: string, validUntil: string },
  ['nameParts'],
);
const birthDate = parseWhole<{ readonly value: string }, 'value'>({ value: string }, ['value']);
const identity = parseWhole<Identity, 'highestLevel' | 'name' | 'birthDate'>(
  {
    highestLevel: parseOneOf(['P1', 'P2']),
    name: parseList(name),
    birthDate: parseList(birthDate),
    address: parseList(object),
    passport: parseList(object),
    drivingPermit: parseList(object),
  },
  ['highestLevel', 'name', 'birthDate'],
);

const readFields = parseWhole<Person, 'id'>(
  {
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
  },
  ['id'],
);

/**
 * Reads a person. Only `id` is required; the other fields have ordinary defaults.
 *
 * @throws InvalidChange
 */
export function readPerson(value: unknown): Person {
  const fields = readFields(value, '');
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(fields.id)) throw new InvalidChange('id: expected kebab-case');
  return { ...plainPerson(fields.id, fields.label ?? fields.id), sub: deriveSubject(fields.id), ...fields };
}
