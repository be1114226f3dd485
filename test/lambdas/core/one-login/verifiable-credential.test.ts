import { describe, expect, test } from '@jest/globals';
import { readBirthDates, readNames } from '../../../../lambdas/core/one-login/verifiable-credential.ts';

const given = (value: string) => ({ type: 'GivenName', value });
const family = (value: string) => ({ type: 'FamilyName', value });
const withName = (...name: unknown[]) => ({ credentialSubject: { name } });
const withBirthDate = (...birthDate: unknown[]) => ({ credentialSubject: { birthDate } });

describe('the names of a credential', () => {
  test.each<[string, unknown[], string[], string[], string]>([
    ['a single given name', [given('Sukarno')], ['Sukarno'], [], 'Sukarno'],
    ['a single family name', [family('Sukarno')], [], ['Sukarno'], 'Sukarno'],
    [
      'five names',
      [given('Anna'), given('Maria'), given('Luise'), family('von'), family('Trapp')],
      ['Anna', 'Maria', 'Luise'],
      ['von', 'Trapp'],
      'Anna Maria Luise von Trapp',
    ],
    ['the family name first', [family('毛'), given('泽东')], ['泽东'], ['毛'], '毛 泽东'],
    [
      'a given name behind the family name',
      [given('A'), family('B'), given('C')],
      ['A', 'C'],
      ['B'],
      'A B C',
    ],
    [
      'diacritics and apostrophes',
      [given('Siân'), family("O’Brien-D'Arcy")],
      ['Siân'],
      ["O’Brien-D'Arcy"],
      "Siân O’Brien-D'Arcy",
    ],
    ['markup', [given('<b>"&\''), family('\u202e🎉')], ['<b>"&\''], ['\u202e🎉'], '<b>"&\' \u202e🎉'],
    ['300 characters', [given('x'.repeat(300))], ['x'.repeat(300)], [], 'x'.repeat(300)],
    ['a part of an unknown type', [given('A'), { type: 'Suffix', value: 'III' }], ['A'], [], 'A III'],
  ])('are read: %s', (_case, nameParts, given_names, family_names, full_name) => {
    expect(readNames(withName({ nameParts }))).toEqual([{ given_names, family_names, full_name }]);
  });

  test('are all there in their order, each with its time', () => {
    const names = readNames(
      withName(
        { nameParts: [given('A'), family('B')], validFrom: '1990-01-01', validUntil: '2019-12-31' },
        { nameParts: [given('A'), family('C')], validFrom: '2020-01-01', validUntil: null },
      ),
    );
    expect(names).toEqual([
      {
        given_names: ['A'],
        family_names: ['B'],
        full_name: 'A B',
        valid_from: '1990-01-01',
        valid_until: '2019-12-31',
      },
      { given_names: ['A'], family_names: ['C'], full_name: 'A C', valid_from: '2020-01-01' },
    ]);
  });

  test.each<[string, unknown]>([
    ['an empty list of parts', { nameParts: [] }],
    ['no parts', {}],
    ['parts without characters', { nameParts: [given(''), family(' ')] }],
    ['a part without value', { nameParts: [{ type: 'GivenName' }] }],
    ['a time that is a number', { nameParts: [given('A')], validFrom: 1990 }],
  ])('leave out a former name with %s', (_case, former) => {
    const current = { nameParts: [given('A'), family('C')] };
    expect(readNames(withName({ ...Object(former), validUntil: '2019-12-31' }, current))).toEqual([
      { given_names: ['A'], family_names: ['C'], full_name: 'A C' },
    ]);
  });

  test('leave out parts without characters', () => {
    expect(readNames(withName({ nameParts: [given('A'), given(''), family(' '), family('B')] }))).toEqual([
      { given_names: ['A'], family_names: ['B'], full_name: 'A B' },
    ]);
  });

  // id: unreadable-identity-refused
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no object', 'vc'],
    ['no subject', {}],
    ['a subject that is no object', { credentialSubject: [] }],
    ['no name', { credentialSubject: {} }],
    ['an empty list of names', withName()],
    ['a name that is no list', { credentialSubject: { name: { nameParts: [given('A')] } } }],
    ['a name that is text', withName('A B')],
    ['a name without parts', withName({})],
    ['an empty list of parts', withName({ nameParts: [] })],
    ['a part that is text', withName({ nameParts: ['A'] })],
    ['a part without value', withName({ nameParts: [{ type: 'GivenName' }] })],
    ['a part without type', withName({ nameParts: [{ value: 'A' }] })],
    ['a time that is a number', withName({ nameParts: [given('A')], validFrom: 2020 })],
    ['an end that is a number', withName({ nameParts: [given('A')], validUntil: 2020 })],
    ['one good name and one bad', withName({ nameParts: [given('A')] }, {})],
    ['parts without characters', withName({ nameParts: [given(''), family(' ')] })],
    ['an ill-formed former name alone', withName({ nameParts: [], validUntil: '2019-12-31' })],
    [
      'a good former name and an ill-formed current one',
      withName({ nameParts: [given('A')], validUntil: '2019-12-31' }, { nameParts: [] }),
    ],
  ])('can not be read from %s', (_case, vc) => {
    expect(readNames(vc)).toBeUndefined();
  });
});

describe('the birth dates of a credential', () => {
  test.each(['1900-01-01', '1984-02-29', '2000-02-29', '0999-12-31'])('may be %s', (value) => {
    expect(readBirthDates(withBirthDate({ value }))).toEqual([value]);
  });

  test('are all there in their order', () => {
    expect(
      readBirthDates(withBirthDate({ value: '1970-01-02' }, { value: '1970-02-01', validFrom: 'x' })),
    ).toEqual(['1970-01-02', '1970-02-01']);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty list', withBirthDate()],
    ['a date that is text', withBirthDate('1970-01-01')],
    ['a date without value', withBirthDate({})],
    ['a date that is a list', withBirthDate({ value: ['1970-01-01'] })],
    ['a date that is a number', withBirthDate({ value: 1970 })],
    ['one good date and one bad', withBirthDate({ value: '1970-01-01' }, {})],
    ['an empty date', withBirthDate({ value: '' })],
    ['a year', withBirthDate({ value: '1985' })],
    ['a year and a month', withBirthDate({ value: '1985-03' })],
    ['a date as people write it', withBirthDate({ value: '11/03/1985' })],
    ['a day that is not in the calendar', withBirthDate({ value: '1985-02-30' })],
    ['29 February of no leap year', withBirthDate({ value: '1985-02-29' })],
    ['a month that there is not', withBirthDate({ value: '1985-13-01' })],
    ['a date and a time', withBirthDate({ value: '1985-03-11T00:00:00Z' })],
    ['a date with white space', withBirthDate({ value: '1985-03-11 ' })],
    ['a year of six digits', withBirthDate({ value: '+001985-03-11' })],
    ['a year that needs six digits', withBirthDate({ value: '+010000-01-01' })],
    ['a year before the first', withBirthDate({ value: '-000001-01-01' })],
  ])('can not be read from %s', (_case, vc) => {
    expect(readBirthDates(vc)).toBeUndefined();
  });
});
