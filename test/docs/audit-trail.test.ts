import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { actionFields } from '../../lambdas/collect-audit/audit-line.ts';
import { derivePseudonym } from '../../lambdas/core/audit.ts';

const text = readFileSync(new URL('../../docs/operations/audit-trail.md', import.meta.url), 'utf8');

/** Reads the cells of the table whose head begins with a word. */
function readRows(head: string): readonly (readonly string[])[] {
  const table = text.split('\n\n').find((block) => block.startsWith(`| ${head}`)) ?? '';
  const [, , ...rows] = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) => row.split('|').slice(1, -1));
}

const listNames = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name);

describe('docs/operations/audit-trail.md', () => {
  it('lists every action with its fields', () => {
    const documented = readRows('`action`').map(([action, , fields]) => [
      listNames(action)[0],
      listNames(fields).sort(),
    ]);

    expect(documented).toEqual(
      Object.entries(actionFields).map(([action, fields]) => [action, Object.keys(fields).sort()]),
    );
  });

  it('explains every field', () => {
    const fields = Object.values(actionFields).flatMap((fields) => Object.keys(fields));

    expect(
      readRows('field')
        .flatMap(([field]) => listNames(field))
        .sort(),
    ).toEqual([...new Set([...fields, 'at', 'deployment', 'request_id', 'event_id'])].sort());
  });

  it('has a command that prints the pseudonym of a sub', () => {
    const [, script = ''] = /^node -e '([^']+)' <client id> <sub>$/m.exec(text) ?? [];
    const output = execFileSync(process.execPath, ['-e', script, 'client', 'urn:fdc:gov.uk:2022:somebody']);

    expect(output.toString()).toBe(`${derivePseudonym('client', 'urn:fdc:gov.uk:2022:somebody')}\n`);
  });
});
