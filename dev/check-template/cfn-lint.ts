import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Finding } from './findings.ts';

interface Match {
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
export function lintTemplate(python: string, template: string, region: string): Promise<readonly Finding[]> {
  // The first line of pip's own script has the path of the environment during its installation.
  const cfnLint = join(dirname(python), 'cfn-lint');
  const args = [cfnLint, '--format', 'json', '--regions', region, '--template', template];
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

function readFindings(output: string): readonly Finding[] {
  const matches: readonly Match[] = JSON.parse(output);
  return matches.map(({ Level, Rule, Message, Location }) => {
    const [section, name, ...property] = (Location.Path ?? []).map(String);
    const logicalId = section === 'Resources' ? name : undefined;
    const place = (logicalId === undefined ? (Location.Path ?? []) : property).join('/');
    return { rule: Rule.Id, logicalId, message: `${Level}${place === '' ? '' : ` in ${place}`}: ${Message}` };
  });
}
