import { buildName, type DocumentClaim, deriveSubject, type Identity, type Person } from './person.ts';

// Documents with invented numbers.

const currentAddress: DocumentClaim = {
  uprn: 10022812929,
  buildingNumber: '8',
  streetName: 'HADLEY ROAD',
  addressLocality: 'BATH',
  postalCode: 'BA2 5AA',
  addressCountry: 'GB',
  validFrom: '2021-01-16',
};

const formerAddress: DocumentClaim = {
  uprn: 10002345923,
  organisationName: 'FINCH GROUP',
  subBuildingName: 'UNIT 2B',
  buildingNumber: '16',
  buildingName: 'COY POND BUSINESS PARK',
  dependentStreetName: 'KINGS PARK',
  streetName: 'BIG STREET',
  doubleDependentAddressLocality: 'SOME DISTRICT',
  dependentAddressLocality: 'LONG EATON',
  addressLocality: 'GREAT MISSENDEN',
  postalCode: 'HP16 0AL',
  addressCountry: 'GB',
  validFrom: '2014-04-02',
  validUntil: '2021-01-16',
};

const addressWithoutUprn: DocumentClaim = {
  buildingName: 'THE OLD MILL',
  streetName: 'MILL LANE',
  addressLocality: 'LLANGOLLEN',
  postalCode: 'LL20 8AA',
  addressCountry: 'GB',
  validFrom: '2018-06-30',
};

const internationalAddress: DocumentClaim = {
  buildingNumber: '22',
  streetName: 'RUE DES ÉRABLES',
  addressLocality: 'MONTRÉAL',
  addressRegion: 'QUÉBEC',
  postalCode: 'H2X 1Y4',
  addressCountry: 'CA',
  validFrom: '2019-09-01',
};

const passport: DocumentClaim = {
  documentNumber: '999123456',
  icaoIssuerCode: 'GBR',
  expiryDate: '2032-02-02',
};

const formerPassport: DocumentClaim = {
  documentNumber: '999654321',
  icaoIssuerCode: 'GBR',
  expiryDate: '2022-02-02',
};

const drivingPermitOfDvla: DocumentClaim = {
  expiryDate: '2033-01-18',
  issueNumber: '5',
  issuedBy: 'DVLA',
  personalNumber: 'OKAFO853112M99AA',
};

/** A permit of Northern Ireland has no issue number. */
const drivingPermitOfDva: DocumentClaim = {
  expiryDate: '2031-07-04',
  issuedBy: 'DVA',
  personalNumber: '99012345',
};

function plainIdentity(givenNames: readonly string[], familyName: string): Identity {
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

/** An address of the 254 characters that email allows (RFC 5321, 4.5.3.1). */
const longestEmail = `${'long.'.repeat(12)}name@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(57)}.com`;

const phone = (phoneNumber: string): Particulars => ({ phoneNumber, phoneNumberVerified: true });

/** People with different claims after a sign-in. The phone numbers are reserved for drama. */
const authenticationPeople: readonly Person[] = [
  plainPerson('maria', 'Maria Okafor – email and phone', phone('+447700900123')),
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
  plainPerson('unverified-email', 'Priya Nair – email not verified', {
    ...phone('+447700900789'),
    emailVerified: false,
    identity: plainIdentity(['Priya'], 'Nair'),
  }),
  plainPerson('long-email', 'Gwen Ashworth – email of 254 characters', {
    ...phone('+447700900321'),
    email: longestEmail,
    identity: plainIdentity(['Gwen'], 'Ashworth'),
  }),
  plainPerson('unicode-email', 'Zoë Brøndum – email with characters beyond ASCII', {
    ...phone('+447700900654'),
    email: "zoë.o'brøndum+ключ@bücher.example",
    identity: plainIdentity(['Zoë'], 'Brøndum'),
  }),
];

/** 300 characters in several scripts, with emoji, quotes and markup. */
const trickyName =
  `<b onclick="alert('x')">&amp;"';--</b> עברית العربية 漢字 👩🏽‍🚀 Ó${'n'.repeat(300)}`.slice(0, 300);

const named = plainIdentity(['Maria', 'Grace'], 'Okafor');

const { highestLevel, name, birthDate } = named;
const withoutDocuments = { highestLevel, name, birthDate };

/** An ordinary person with another identity. */
const withIdentity = (id: string, label: string, changes: Partial<Identity>) =>
  plainPerson(id, label, { identity: { ...named, ...changes } });

/** People with different identities or outcomes of an identity check. */
const identityPeople: readonly Person[] = [
  withIdentity('one-name', 'Sukarno – a single name', {
    name: [{ nameParts: [{ type: 'GivenName', value: 'Sukarno' }] }],
  }),
  withIdentity('five-names', 'Five names, the family name first', {
    name: [
      {
        nameParts: [
          { type: 'FamilyName', value: 'Nguyễn' },
          { type: 'GivenName', value: 'Thị' },
          { type: 'GivenName', value: 'Minh' },
          { type: 'GivenName', value: 'Khai' },
          { type: 'FamilyName', value: 'Phạm' },
        ],
      },
    ],
  }),
  withIdentity('diacritics', "Siân O'Connor-Łukasiewicz – diacritics and apostrophes", {
    name: [buildName(['Siân', "D'Arcy"], "O'Connor-Łukasiewicz")],
  }),
  withIdentity('tricky-name', 'A name of 300 characters with emoji, quotes and markup', {
    name: [buildName([trickyName], 'Ünsal')],
  }),
  withIdentity('changed-name', 'Sarah Bell, formerly Sarah Khan – changed name', {
    name: [
      buildName(['Sarah'], 'Khan', { validFrom: '1985-03-11', validUntil: '2015-07-31' }),
      buildName(['Sarah'], 'Bell', { validFrom: '2015-08-01' }),
    ],
  }),
  withIdentity('two-birth-dates', 'Two dates of birth', {
    birthDate: [{ value: '1970-01-01' }, { value: '1970-10-01' }],
  }),
  withIdentity('no-uprn', 'An address without UPRN, after one that has ended', {
    address: [formerAddress, addressWithoutUprn],
  }),
  withIdentity('abroad', 'An address abroad', { address: [internationalAddress] }),
  plainPerson('no-documents', 'Neither passport nor driving permit', {
    identity: { ...withoutDocuments, address: [currentAddress] },
  }),
  withIdentity('two-passports', 'Two passports and a permit from Northern Ireland', {
    passport: [formerPassport, passport],
    drivingPermit: [drivingPermitOfDva],
  }),
  withIdentity('only-p1', 'Proved at P1, but not at P2', { highestLevel: 'P1' }),
  plainPerson('proved-with-codes', 'Proved, with return codes A and P', { returnCodes: ['A', 'P'] }),
  plainPerson('not-proved-with-codes', 'Not proved, with return codes F and Z', {
    identityOutcome: 'NOT_PROVED',
    returnCodes: ['F', 'Z'],
  }),
  plainPerson('not-proved', 'Not proved, without return codes', { identityOutcome: 'NOT_PROVED' }),
  plainPerson('in-person', 'Must prove their identity at a Post Office', { identityOutcome: 'IN_PERSON' }),
];

export const builtInPeople: readonly Person[] = [...authenticationPeople, ...identityPeople];
