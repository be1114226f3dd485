import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { ignoredRules } from './ignored-rules.ts';

interface Finding {
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] | null };
}

/**
 * What cfn-lint finds in a template: errors and warnings. It knows CloudFormation's resource types by itself, and asks
 * nobody.
 *
 * @param python an environment that has cfn-lint
 * @param template a file
 * @param region that it is for
 * @throws Error when cfn-lint itself fails
 */
export function lint(python: string, template: string, region: string): Promise<readonly string[]> {
  const ignored = Object.keys(ignoredRules).flatMap((rule) => ['--ignore-checks', rule]);
  // What pip made starts with the path that the environment had while it was installed.
  const cfnLint = join(dirname(python), 'cfn-lint');
  const args = [cfnLint, '--format', 'json', '--regions', region, ...ignored, '--template', template];
  return new Promise((resolve, reject) => {
    execFile(python, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        resolve(readFindings(stdout));
      } catch {
        reject(new Error(`cfn-lint failed: ${stderr || stdout || error?.message}`));
      }
    });
  });
}

function readFindings(output: string): readonly string[] {
  const findings: readonly Finding[] = JSON.parse(output);
  return findings.map(
    ({ Level, Rule, Message, Location }) =>
      `${Level} ${Rule.Id} at ${(Location.Path ?? []).join('/')}: ${Message}`,
  );
}
