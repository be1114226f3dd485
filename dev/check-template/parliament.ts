import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from './findings.ts';
import { listPolicies } from './policies.ts';

interface Line {
  readonly issue: string;
  readonly title: string;
  readonly detail: unknown;
  readonly location: { readonly filepath: string };
}

/**
 * Checks all policies of a template with parliament: actions, resources and conditions exist and fit together, and no role
 * can change permissions, gain more of them or read credentials. It contains the actions of AWS and needs no network.
 *
 * @param python the interpreter of an environment with parliament
 * @param template the path of the template
 * @param directory for a file for each policy
 * @throws Error if parliament itself fails
 */
export async function examinePolicies(
  python: string,
  template: string,
  directory: string,
): Promise<readonly Finding[]> {
  const policies = listPolicies(JSON.parse(readFileSync(template, 'utf8')));
  const groups = Object.entries(Object.groupBy(policies, ({ holder }) => holder)).map(([holder, group]) => {
    const folder = join(directory, holder);
    mkdirSync(folder, { recursive: true });
    for (const { logicalId, property, document } of group) {
      writeFileSync(join(folder, `${logicalId}.${property}.json`), JSON.stringify(document));
    }
    // These rules are about what the holder of a policy can do. A resource's administrators are meant to change its policy.
    const more = holder === 'role' ? ['--include-community-auditors'] : [];
    return run(python, [
      ...['-m', 'parliament.cli', '--json', '--directory', folder, '--include_policy_extension', 'json'],
      ...more,
    ]);
  });
  return (await Promise.all(groups)).flat().map(({ issue, title, detail, location }) => ({
    rule: issue,
    logicalId: basename(location.filepath).split('.')[0],
    message: `${title}${detail ? `: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}` : ''}`,
  }));
}

/** It exits with 1 if it finds something, and with 1 as well if it fails: then there is no finding to read. */
function run(python: string, args: readonly string[]): Promise<readonly Line[]> {
  return new Promise((resolve, reject) => {
    execFile(python, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      if (error === null || lines.length > 0) resolve(lines.map((line) => JSON.parse(line)));
      else reject(new Error(`parliament failed: ${stderr || stdout || error.message}`));
    });
  });
}
