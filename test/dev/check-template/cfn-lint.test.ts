import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lintTemplate } from '../../../dev/check-template/cfn-lint.ts';

// .ci/run examines the templates with the real cfn-lint. It is in Python, which not every machine has.

const directory = mkdtempSync(join(tmpdir(), 'one-login-cfn-lint-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Writes a program that acts as Python with cfn-lint. */
function writePython(script: string): string {
  const python = join(directory, 'python');
  writeFileSync(python, `#!/bin/sh\n${script}\n`);
  chmodSync(python, 0o755);
  return python;
}

const lint = (script: string) => lintTemplate(writePython(script), 'template.json', 'eu-west-2');

describe('lintTemplate', () => {
  it('reads the findings about resources and about the rest of a template', async () => {
    const Rule = { Id: 'E3012' };
    const matches = [
      {
        Level: 'Error',
        Rule,
        Message: 'no integer',
        Location: { Path: ['Resources', 'Queue', 'Properties', 0] },
      },
      { Level: 'Warning', Rule, Message: 'unused', Location: { Path: ['Parameters', 'Name'] } },
      { Level: 'Error', Rule, Message: 'too large', Location: { Path: null } },
    ];
    expect(await lint(`echo '${JSON.stringify(matches)}'; exit 4`)).toEqual([
      { rule: 'E3012', logicalId: 'Queue', message: 'Error in Properties/0: no integer' },
      { rule: 'E3012', logicalId: undefined, message: 'Warning in Parameters/Name: unused' },
      { rule: 'E3012', logicalId: undefined, message: 'Error: too large' },
    ]);
  });

  it('throws if cfn-lint fails', async () => {
    await expect(lint('echo no module named cfnlint >&2; exit 1')).rejects.toThrow(
      'cfn-lint failed: no module named cfnlint',
    );
  });
});
