import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { citationsIn } from '../support/cited-tests.ts';

const docs = new URL('../../docs/', import.meta.url);
const read = (page: string) => readFileSync(new URL(page, docs), 'utf8');
const pages = [
  'security.md',
  'security/threat-model.md',
  'security/known-failures.md',
  'security/rfc-9700.md',
  'security/rfc-8725.md',
  'security/asvs-5.md',
  'operations/data-protection.md',
  'operations/disaster-recovery.md',
];

/** An item about requirements: `- **ids**: verdict. How. Cited tests`. */
interface Requirement {
  readonly id: string;
  readonly verdict: string;
  readonly how: string;
}

/** Lists the items of all lists of a page, each on one line. */
const listItems = (page: string): readonly string[] =>
  [...read(page).matchAll(/^- .*(?:\n {2}.*)*/gm)].map(([item]) => item.slice(2).replaceAll(/\s+/g, ' '));

/** Lists the requirements of a page, each by itself where an item is about several. */
function listRequirements(page: string): readonly Requirement[] {
  return listItems(page).flatMap((item) => {
    const [, ids = '', verdict = '', how = ''] = /^\*\*(\d[^*]*)\*\*: ([^.]+)\. (.*)$/.exec(item) ?? [];
    if (ids === '') return [];
    return ids
      .split(', ')
      .flatMap(expandRange)
      .map((id) => ({ id, verdict, how }));
  });
}

/** Lists the ids of a range, such as `3.4.2–3.4.6` or `2.1a–2.1d`. The last digit or letter counts up. */
function expandRange(range: string): readonly string[] {
  const [first = '', last = first] = range.split('–');
  const [, start = '', from = ''] = /^(.*?)(\d+|[a-z])$/.exec(first) ?? [];
  const [, end = '', to = ''] = /^(.*?)(\d+|[a-z])$/.exec(last) ?? [];
  expect([range, end]).toEqual([range, start]);
  const number = (text: string) => (/\d/.test(text) ? Number(text) : text.charCodeAt(0));
  return Array.from({ length: number(to) - number(from) + 1 }, (_, index) => {
    const next = number(from) + index;
    return `${start}${/\d/.test(from) ? next : String.fromCharCode(next)}`;
  });
}

const sorted = (ids: readonly string[]) => [...ids].sort();
const verdicts = [...read('security.md').matchAll(/^- \*\*(.+)\*\*: /gm)].map(([, verdict]) => verdict);

function expectAnswers(requirements: readonly Requirement[]): void {
  const incomplete = requirements.filter(
    ({ verdict, how }) =>
      !verdicts.includes(verdict) ||
      how === '' ||
      /^\[[^\]]+\]\([^)]*test\//.test(how) ||
      (verdict.startsWith('held') && citationsIn(how).length === 0),
  );
  expect(incomplete).toEqual([]);
}

it.each(pages)('docs/%s cites tests', (page) => {
  expect(citationsIn(read(page))).not.toEqual([]);
});

describe('the threat model', () => {
  const threats = listItems('security/threat-model.md').flatMap((item) => {
    const [, id, letter, text] = /^\*\*([A-Z]\d+) (\w)\*\* (.*)$/.exec(item) ?? [];
    return text === undefined ? [] : [{ id, letter, text }];
  });

  it('has its own id and a letter of STRIDE for each threat', () => {
    expect(new Set(threats.map(({ id }) => id)).size).toBe(threats.length);
    expect(new Set(threats.map(({ letter }) => letter))).toEqual(new Set('STRIDE'));
  });

  it('cites a test for each threat, or marks it as accepted or yours', () => {
    const open = threats.filter(
      ({ text }) => citationsIn(text).length === 0 && !/\*\*(Accepted|Yours):\*\*/.test(text),
    );
    expect(open).toEqual([]);
    expect(threats.length).toBeGreaterThan(70);
  });
});

it('each known failure has a test', () => {
  const failures = listItems('security/known-failures.md');
  expect(failures.length).toBeGreaterThan(40);
  expect(failures.filter((failure) => citationsIn(failure).length === 0)).toEqual([]);
});

describe('RFC 9700', () => {
  const answers = listRequirements('security/rfc-9700.md');

  it('has an answer for every recommendation of section 2 and every attack of section 4', () => {
    const recommendations = [
      ...['2.1a', '2.1b', '2.1c', '2.1d', '2.1e'],
      ...['2.1.1a', '2.1.1b', '2.1.1c', '2.1.1d', '2.1.2'],
      ...['2.2.1', '2.2.2', '2.3', '2.4', '2.5'],
      ...['2.6a', '2.6b', '2.6c', '2.6d', '2.6e', '2.6f'],
    ];
    const attacks = Array.from({ length: 17 }, (_, index) => `4.${index + 1}`);
    expect(sorted(answers.map(({ id }) => id))).toEqual(sorted([...recommendations, ...attacks]));
  });

  it('has a verdict for each, and a test for each that holds', () => {
    expectAnswers(answers);
  });
});

describe('RFC 8725', () => {
  const answers = listRequirements('security/rfc-8725.md');

  it('has an answer for every attack of section 2 and every recommendation of section 3', () => {
    const number = (section: number, count: number) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`);
    expect(sorted(answers.map(({ id }) => id))).toEqual(sorted([...number(2, 9), ...number(3, 12)]));
  });

  it('has a verdict for each, and a test for each that holds', () => {
    expectAnswers(answers);
  });
});

describe('ASVS 5.0', () => {
  const answers = listRequirements('security/asvs-5.md');

  it('has an answer for every requirement of chapters V3, V4, V7 to V12 and V16', () => {
    const requirements: Readonly<Record<string, number>> = {
      // How many requirements each section of version 5.0.0 has.
      ...{ '3.1': 1, '3.2': 3, '3.3': 5, '3.4': 8, '3.5': 8, '3.6': 1, '3.7': 5 },
      ...{ '4.1': 5, '4.2': 5, '4.3': 2, '4.4': 4 },
      ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
      ...{ '8.1': 4, '8.2': 4, '8.3': 3, '8.4': 2 },
      ...{ '9.1': 3, '9.2': 4 },
      ...{ '10.1': 2, '10.2': 3, '10.3': 5, '10.4': 16, '10.5': 5, '10.6': 2, '10.7': 3 },
      ...{ '11.1': 4, '11.2': 5, '11.3': 5, '11.4': 4, '11.5': 2, '11.6': 2, '11.7': 2 },
      ...{ '12.1': 5, '12.2': 2, '12.3': 5 },
      ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 4 },
    };
    const ids = Object.entries(requirements).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    );
    expect(sorted(answers.map(({ id }) => id))).toEqual(sorted(ids));
  });

  it('has a verdict for each, and a test for each that holds', () => {
    expectAnswers(answers);
  });

  it('lists on the first page what does not hold', () => {
    const notHeld = answers.filter(({ verdict }) => verdict === 'not held').map(({ id }) => `ASVS ${id}`);
    for (const id of notHeld) expect(read('security.md')).toContain(id);
  });
});
