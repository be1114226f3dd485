import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MissingToolError } from '../../bin/command.ts';
import { cafOutcomes } from './caf-outcomes.ts';
import type { Finding } from './findings.ts';

/** Contains cfn-guard, which Amazon builds, and the rules of AWS Control Tower. */
const guard = dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json'));

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'ubuntu', darwin: 'macos' };
const processors: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** A rule of AWS Control Tower, as the package describes it. */
interface ControlTowerRule {
  readonly Id: string;
  readonly EvaluatedResourceTypes: readonly string[];
}

interface FailedRule {
  readonly Rule: { readonly name: string };
}

/**
 * Checks a template with cfn-guard: with the rules of AWS Control Tower for the template's types of resources, and with ours
 * for the rest of the NCSC's Cyber Assessment Framework (`caf.guard`). It needs no network.
 *
 * @param template the path of the template
 * @param ownRules the path of the rules that are ours
 * @throws MissingToolError if there is no cfn-guard for this machine
 * @throws Error if cfn-guard itself fails
 */
export async function guardTemplate(
  template: string,
  ownRules = join(import.meta.dirname, 'caf.guard'),
): Promise<readonly Finding[]> {
  const program = findProgram(process.platform, process.arch);
  const { Resources: resources }: { Resources: Record<string, { Type: string }> } = JSON.parse(
    readFileSync(template, 'utf8'),
  );
  const types = new Set(Object.values(resources).map(({ Type }) => Type));
  const rules = [ownRules, ...listControlTowerRules(types)];
  const args = ['--data', template, '--structured', '--output-format', 'json', '--show-summary', 'none'];
  const output = await run(program, ['validate', ...args, '--rules', ...rules]);
  const [report]: readonly { readonly not_compliant: readonly FailedRule[] }[] = JSON.parse(output);
  if (report === undefined) throw new Error(`cfn-guard did not read ${template}`);
  return report.not_compliant.flatMap(readFindings);
}

/** @throws MissingToolError if there is no cfn-guard for this system and processor */
export function findProgram(platform: NodeJS.Platform, arch: NodeJS.Architecture): string {
  const [system, processor] = [systems[platform], processors[arch]];
  if (system !== undefined && processor !== undefined) {
    return join(guard, 'bin', system, processor, 'cfn-guard');
  }
  throw new MissingToolError(`There is no cfn-guard for ${platform} on ${arch}: use Linux or macOS`);
}

/** @returns the files of the rules for some types of resources */
function listControlTowerRules(types: ReadonlySet<string>): readonly string[] {
  const folder = join(guard, 'rules/control-tower');
  return globSync('metadata/*/*.json', { cwd: folder }).flatMap((file) => {
    const rule: ControlTowerRule = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (!rule.EvaluatedResourceTypes.some((type) => types.has(type))) return [];
    const name = `${basename(file, '.metadata.json')}.guard`;
    return [join(folder, 'cfn-guard', basename(dirname(file)), name)];
  });
}

/** @returns one finding for each resource that a rule failed for. The paths of what was compared begin with the resource. */
function readFindings(failed: FailedRule): readonly Finding[] {
  const text = JSON.stringify(failed);
  // The message of each rule begins with its id and its title.
  const [, rule = failed.Rule.name, title = ''] = /\[([\w.]+)\]: ([^\\"]+)/.exec(text) ?? [];
  const outcomes = cafOutcomes[rule];
  const message = `${title}${outcomes === undefined ? '' : ` (CAF ${outcomes.join(', ')})`}`;
  const found = new Set([...text.matchAll(/"path":"\/Resources\/(\w+)/g)].map(([, logicalId]) => logicalId));
  return (found.size === 0 ? [undefined] : [...found]).map((logicalId) => ({ rule, logicalId, message }));
}

/** cfn-guard exits with 19 if a rule failed. It leaves out a file that it cannot read, with a message. */
function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stderr === '' && (error === null || error.code === 19)) resolve(stdout);
      else reject(new Error(`cfn-guard failed: ${stderr || error?.message}`));
    });
  });
}
