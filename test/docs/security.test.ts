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

/** Reads the cells of all rows whose first cell matches. */
function readRows(page: string, firstCell: RegExp): readonly (readonly string[])[] {
  const rows = read(page)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows
    .map((row) =>
      row
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => firstCell.test(first));
}

it.each(pages)('docs/%s cites tests', (page) => {
  expect(citationsIn(read(page))).not.toEqual([]);
});

describe('the threat model', () => {
  const threats = readRows('security/threat-model.md', /^[A-Z]\d+$/);

  it('has its own id and a letter of STRIDE for each threat', () => {
    expect(new Set(threats.map(([id]) => id)).size).toBe(threats.length);
    for (const [id, letter = ''] of threats)
      expect([id, letter]).toEqual([id, expect.stringMatching(/^[STRIDE]$/)]);
    expect(new Set(threats.map(([, letter]) => letter))).toEqual(new Set('STRIDE'));
  });

  it('cites a test for each threat, or marks it as accepted or yours', () => {
    const open = threats.filter(
      ([, , , guard = '', proof = '']) =>
        citationsIn(proof).length === 0 && !/^\*\*(Accepted|Yours):\*\*/.test(guard),
    );
    expect(open).toEqual([]);
  });
});

it('each known failure has a test', () => {
  const rows = readRows('security/known-failures.md', /^(?!failure$|-)/);
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter(([, , proof = '']) => citationsIn(proof).length === 0)).toEqual([]);
});

describe('RFC 9700', () => {
  const answers = readRows('security/rfc-9700.md', /^\d+\.\d/);

  it('has a row for every recommendation of section 2 and every attack of section 4', () => {
    const recommendations = [
      ...['2.1 a', '2.1 b', '2.1 c', '2.1 d', '2.1 e'],
      ...['2.1.1 a', '2.1.1 b', '2.1.1 c', '2.1.1 d', '2.1.2'],
      ...['2.2.1', '2.2.2', '2.3', '2.4', '2.5'],
      ...['2.6 a', '2.6 b', '2.6 c', '2.6 d', '2.6 e', '2.6 f'],
    ];
    const attacks = Array.from({ length: 17 }, (_, index) => `4.${index + 1}`);
    expect(answers.map(([section]) => section)).toEqual([...recommendations, ...attacks]);
  });

  it('has a verdict for each, and a test for each that holds', () => {
    const verdicts = ['held', "One Login's", 'held, and yours', 'not applicable'];
    for (const [section, , verdict = '', how = '', proof = ''] of answers) {
      expect([section, verdicts.includes(verdict), how !== '']).toEqual([section, true, true]);
      if (verdict.startsWith('held')) expect([section, proof]).not.toEqual([section, '']);
    }
  });
});

describe('RFC 8725', () => {
  const answers = readRows('security/rfc-8725.md', /^\d+\.\d/);

  it('has a row for every attack of section 2 and every recommendation of section 3', () => {
    const number = (section: number, count: number) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`);
    expect(answers.map(([section]) => section)).toEqual([...number(2, 9), ...number(3, 12)]);
  });

  it('has a verdict for each, and a test for each that holds', () => {
    for (const [section, , verdict = '', how = '', proof = ''] of answers) {
      expect([section, ['held', 'not applicable'].includes(verdict), how !== '']).toEqual([
        section,
        true,
        true,
      ]);
      if (verdict === 'held') expect([section, proof]).not.toEqual([section, '']);
    }
  });
});

describe('ASVS 5.0', () => {
  const answers = readRows('security/asvs-5.md', /^\d+\.\d+\.\d+$/);

  it('has a row for every requirement of chapters V3, V7, V9 and V10', () => {
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
    expect([...answers.map(([id]) => id)].sort()).toEqual(ids.sort());
  });

  it('has a verdict for each, and a test for each that holds', () => {
    const verdicts = [
      'held',
      'held, but',
      'held, and yours',
      'not held',
      'yours',
      "One Login's",
      'not applicable',
    ];
    for (const [id, level = '', , verdict = '', , proof = ''] of answers) {
      expect([id, level, verdicts.includes(verdict)]).toEqual([id, expect.stringMatching(/^[123]$/), true]);
      if (verdict.startsWith('held')) expect([id, proof]).not.toEqual([id, '']);
    }
  });

  it('lists on the first page what does not hold', () => {
    const notHeld = answers.filter(([, , , verdict]) => verdict === 'not held').map(([id]) => `ASVS ${id}`);
    for (const id of notHeld) expect(read('security.md')).toContain(id);
  });
});
