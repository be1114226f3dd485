import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';

/** Rule of cfn-lint → why it does not apply here. @see https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md */
const ignoredRules: Readonly<Record<string, string>> = {
  W3005:
    'a dependency that a reference already makes: the CDK writes both, so that a function also waits for the policies of its role',
};

interface Finding {
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] | null };
}

/**
 * Checks a template with cfn-lint, and returns its errors and warnings. It contains CloudFormation's resource types and
 * needs no network.
 *
 * @param python the interpreter of an environment with cfn-lint
 * @param template the path of the template
 * @param region the region to deploy it to
 * @throws Error if cfn-lint itself fails
 */
export function lintTemplate(python: string, template: string, region: string): Promise<readonly string[]> {
  const ignored = Object.keys(ignoredRules).flatMap((rule) => ['--ignore-checks', rule]);
  // The first line of pip's own script has the path of the environment during its installation.
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
