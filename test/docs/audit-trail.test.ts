import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { actionFields } from '../../lambdas/collect-audit/audit-line.ts';
import { derivePseudonym } from '../../lambdas/core/audit.ts';

const text = readFileSync(new URL('../../docs/operations/audit-trail.md', import.meta.url), 'utf8');

/** Reads the items of the list after a paragraph: what comes before the colon. An item without an explanation is left out. */
function readTerms(paragraph: string): readonly string[] {
  const blocks = text.split('\n\n');
  const list = blocks[blocks.indexOf(paragraph) + 1] ?? '';
  return [...list.matchAll(/^- (.+?): \S/gm)].map(([, term = '']) => term);
}

const listNames = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name);

describe('docs/operations/audit-trail.md', () => {
  it('lists every action with its fields', () => {
    const documented = readTerms('The values of `action`, with their own fields:').map((term) => {
      const [action, ...fields] = listNames(term);
      return [action, fields.sort()];
    });

    expect(documented).toEqual(
      Object.entries(actionFields).map(([action, fields]) => [action, Object.keys(fields).sort()]),
    );
  });

  it('explains every field', () => {
    const fields = Object.values(actionFields).flatMap((fields) => Object.keys(fields));

    expect(
      readTerms('The fields:')
        .flatMap((term) => listNames(term))
        .sort(),
    ).toEqual([...new Set([...fields, 'at', 'deployment', 'request_id', 'event_id'])].sort());
  });

  it('has a command that prints the pseudonym of a sub', () => {
    const [, script = ''] = /^node -e '([^']+)' <client id> <sub>$/m.exec(text) ?? [];
    const output = execFileSync(process.execPath, ['-e', script, 'client', 'urn:fdc:gov.uk:2022:somebody']);

    expect(output.toString()).toBe(`${derivePseudonym('client', 'urn:fdc:gov.uk:2022:somebody')}\n`);
  });
});
