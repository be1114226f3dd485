import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { examinePolicies } from '../../../dev/check-template/parliament.ts';

// .ci/run examines the templates with the real parliament. It is in Python, which not every machine has.

const directory = mkdtempSync(join(tmpdir(), 'one-login-parliament-'));
afterAll(() => rmSync(directory, { recursive: true }));

const document = { Version: '2012-10-17', Statement: [{ Action: 'kms:Sign', Resource: '*' }] };
const template = join(directory, 'template.json');
writeFileSync(
  template,
  JSON.stringify({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: document }] } },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document } },
    },
  }),
);

/** Writes a program that acts as Python with parliament. */
function writePython(script: string): string {
  const python = join(mkdtempSync(join(directory, 'python-')), 'python');
  writeFileSync(python, `#!/bin/sh\necho "$@" >> ${directory}/calls\n${script}\n`);
  chmodSync(python, 0o755);
  return python;
}

describe('examinePolicies', () => {
  it('reads the findings, and only examines for roles what their holder could do', async () => {
    const line = { issue: 'RESOURCE_STAR', title: 'Too wide', detail: ['kms:Sign'] };
    const python = writePython(
      `for name in Role.Policies.0.PolicyDocument Key.KeyPolicy; do
        test -f "$5/$name.json" && echo '${JSON.stringify(line).replace(/\}$/, '')},"location":{"filepath":"'"$5/$name.json"'"}}'
      done; exit 1`,
    );
    const found = await examinePolicies(python, template, join(directory, 'policies'));
    expect(found).toEqual([
      { rule: 'RESOURCE_STAR', logicalId: 'Role', message: 'Too wide: ["kms:Sign"]' },
      { rule: 'RESOURCE_STAR', logicalId: 'Key', message: 'Too wide: ["kms:Sign"]' },
    ]);
    const calls = readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');
    expect(calls.map((call) => [/policies\/\w+/.exec(call)?.[0], call.includes('community')]).sort()).toEqual(
      [
        ['policies/resource', false],
        ['policies/role', true],
      ],
    );
  });

  it('throws if parliament fails, which has the same exit code as findings', async () => {
    const python = writePython('echo no module named parliament >&2; exit 1');
    await expect(examinePolicies(python, template, join(directory, 'others'))).rejects.toThrow(
      'parliament failed: no module named parliament',
    );
  });
});
