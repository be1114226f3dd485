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

/** A row of a table of requirements: `| ids | verdict | how | proof |`. */
interface Requirement {
  readonly id: string;
  readonly verdict: string;
  readonly how: string;
  readonly proof: string;
}

/** Lists the requirements of a page, each by itself where a row is for several. */
function listRequirements(page: string): readonly Requirement[] {
  return read(page)
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .flatMap((row) => {
      const [ids = '', verdict = '', how = '', proof = ''] = row
        .slice(1, -1)
        .split(' |')
        .map((cell) => cell.trim());
      return ids.split(', ').map((id) => ({ id, verdict, how, proof }));
    });
}

/** Lists the items of all lists of a page, each on one line. */
const listItems = (page: string): readonly string[] =>
  [...read(page).matchAll(/^- .*(?:\n {2}.*)*/gm)].map(([item]) => item.slice(2).replaceAll(/\s+/g, ' '));

const sorted = (ids: readonly string[]) => [...ids].sort();
const verdicts = [...read('security.md').matchAll(/^- \*\*(.+)\*\*: /gm)].map(([, verdict]) => verdict);

function expectAnswers(requirements: readonly Requirement[]): void {
  const incomplete = requirements.filter(
    ({ verdict, how, proof }) =>
      !verdicts.includes(verdict) ||
      how === '' ||
      (verdict.startsWith('held') && citationsIn(proof).length === 0),
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
      ...['2.1 a', '2.1 b', '2.1 c', '2.1 d', '2.1 e'],
      ...['2.1.1 a', '2.1.1 b', '2.1.1 c', '2.1.1 d', '2.1.2'],
      ...['2.2.1', '2.2.2', '2.3', '2.4', '2.5'],
      ...['2.6 a', '2.6 b', '2.6 c', '2.6 d', '2.6 e', '2.6 f'],
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

  it('has an answer for every requirement of chapters V3, V7, V9 and V10', () => {
    const requirements: Readonly<Record<string, number>> = {
      // How many requirements each section of version 5.0.0 has.
      ...{ '3.1': 1, '3.2': 3, '3.3': 5, '3.4': 8, '3.5': 8, '3.6': 1, '3.7': 5 },
      ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
      ...{ '9.1': 3, '9.2': 4 },
      ...{ '10.1': 2, '10.2': 3, '10.3': 5, '10.4': 16, '10.5': 5, '10.6': 2, '10.7': 3 },
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
