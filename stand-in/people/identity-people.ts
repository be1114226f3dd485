import { plainIdentity, plainPerson } from './authentication-people.ts';
import {
  addressWithoutUprn,
  currentAddress,
  drivingPermitOfDva,
  formerAddress,
  formerPassport,
  internationalAddress,
  passport,
} from './documents.ts';
import { buildName, type Person } from './person.ts';

/** 300 characters in several scripts, with emoji, quotes and markup. */
export const trickyName =
  `<b onclick="alert('x')">&amp;"';--</b> עברית العربية 漢字 👩🏽‍🚀 Ó${'n'.repeat(300)}`.slice(0, 300);

const named = plainIdentity(['Maria', 'Grace'], 'Okafor');

/** People with different identities or outcomes of an identity check. */
export const identityPeople: readonly Person[] = [
  plainPerson('one-name', 'Sukarno – a single name', {
    identity: { ...named, name: [{ nameParts: [{ type: 'GivenName', value: 'Sukarno' }] }] },
  }),
  plainPerson('five-names', 'Five names, the family name first', {
    identity: {
      ...named,
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
    },
  }),
  plainPerson('diacritics', "Siân O'Connor-Łukasiewicz – diacritics and apostrophes", {
    identity: { ...named, name: [buildName(['Siân', "D'Arcy"], "O'Connor-Łukasiewicz")] },
  }),
  plainPerson('tricky-name', 'A name of 300 characters with emoji, quotes and markup', {
    identity: { ...named, name: [buildName([trickyName], 'Ünsal')] },
  }),
  plainPerson('changed-name', 'Sarah Bell, formerly Sarah Khan – changed name', {
    identity: {
      ...named,
      name: [
        buildName(['Sarah'], 'Khan', { validFrom: '1985-03-11', validUntil: '2015-07-31' }),
        buildName(['Sarah'], 'Bell', { validFrom: '2015-08-01' }),
      ],
    },
  }),
  plainPerson('two-birth-dates', 'Two dates of birth', {
    identity: { ...named, birthDate: [{ value: '1970-01-01' }, { value: '1970-10-01' }] },
  }),
  plainPerson('no-uprn', 'An address without UPRN, after one that has ended', {
    identity: { ...named, address: [formerAddress, addressWithoutUprn] },
  }),
  plainPerson('abroad', 'An address abroad', { identity: { ...named, address: [internationalAddress] } }),
  plainPerson('no-documents', 'Neither passport nor driving permit', {
    identity: {
      highestLevel: named.highestLevel,
      name: named.name,
      birthDate: named.birthDate,
      address: [currentAddress],
    },
  }),
  plainPerson('two-passports', 'Two passports and a permit from Northern Ireland', {
    identity: { ...named, passport: [formerPassport, passport], drivingPermit: [drivingPermitOfDva] },
  }),
  plainPerson('only-p1', 'Proved at P1 at most; not proved where P2 is asked', {
    identity: { ...named, highestLevel: 'P1' },
  }),
  plainPerson('proved-with-codes', 'Proved, with return codes A and P', { returnCodes: ['A', 'P'] }),
  plainPerson('not-proved-with-codes', 'Not proved, with return codes F and Z', {
    identityOutcome: 'NOT_PROVED',
    returnCodes: ['F', 'Z'],
  }),
  plainPerson('not-proved', 'Not proved, without return codes', { identityOutcome: 'NOT_PROVED' }),
  plainPerson('in-person', 'Has to prove the identity at a Post Office', { identityOutcome: 'IN_PERSON' }),
];
