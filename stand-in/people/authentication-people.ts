import { currentAddress, drivingPermitOfDvla, formerAddress, passport } from './documents.ts';
import { buildName, deriveSubject, type Identity, type Person } from './person.ts';

/** An ordinary identity. */
export function plainIdentity(givenNames: readonly string[], familyName: string): Identity {
  return {
    highestLevel: 'P2',
    name: [buildName(givenNames, familyName)],
    birthDate: [{ value: '1985-03-11' }],
    address: [currentAddress, formerAddress],
    passport: [passport],
    drivingPermit: [drivingPermitOfDvla],
  };
}

type Particulars = Partial<Omit<Person, 'id' | 'label' | 'sub'>>;

/** An ordinary person with some particulars. */
export function plainPerson(id: string, label: string, particulars: Particulars = {}): Person {
  return {
    id,
    label,
    sub: deriveSubject(id),
    email: `${id}@example.com`,
    emailVerified: true,
    identity: plainIdentity(['Maria', 'Grace'], 'Okafor'),
    identityOutcome: 'PROVED',
    returnCodes: [],
    ...particulars,
  };
}

/** An address of the 254 characters that e-mail allows (RFC 5321, 4.5.3.1). */
export const longestEmail = `${'long.'.repeat(12)}name@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(57)}.com`;

const phone = (phoneNumber: string): Particulars => ({ phoneNumber, phoneNumberVerified: true });

/** People with different claims after a sign-in. The phone numbers are reserved for drama. */
export const authenticationPeople: readonly Person[] = [
  plainPerson('maria', 'Maria Okafor – e-mail and phone', phone('+447700900123')),
  plainPerson('tomos', 'Tomos Pugh – no phone number (authenticator app)', {
    identity: plainIdentity(['Tomos'], 'Pugh'),
  }),
  plainPerson('foreign-phone', 'Ines Duarte – phone number from abroad', {
    ...phone('+351912345678'),
    identity: plainIdentity(['Ines'], 'Duarte'),
  }),
  plainPerson('unverified-phone', 'Callum Reid – phone number not verified', {
    phoneNumber: '+447700900456',
    phoneNumberVerified: false,
    identity: plainIdentity(['Callum'], 'Reid'),
  }),
  plainPerson('unverified-email', 'Priya Nair – e-mail not verified', {
    ...phone('+447700900789'),
    emailVerified: false,
    identity: plainIdentity(['Priya'], 'Nair'),
  }),
  plainPerson('long-email', 'Gwen Ashworth – e-mail of 254 characters', {
    ...phone('+447700900321'),
    email: longestEmail,
    identity: plainIdentity(['Gwen'], 'Ashworth'),
  }),
  plainPerson('unicode-email', 'Zoë Brøndum – e-mail with characters beyond ASCII', {
    ...phone('+447700900654'),
    email: "zoë.o'brøndum+ключ@bücher.example",
    identity: plainIdentity(['Zoë'], 'Brøndum'),
  }),
];
