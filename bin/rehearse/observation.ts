import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../lib/package-root.ts';
import type { JsonObject } from '../../local/template/json.ts';

const script = join(packageRoot, 'bin/rehearse/emulator/observe.py');

/** Everything that exists in the emulated account, each thing as the AWS SDK describes it. */
export interface Observation {
  readonly stacks: readonly JsonObject[];
  readonly tables: readonly JsonObject[];
  readonly keys: readonly JsonObject[];
  readonly aliases: readonly JsonObject[];
  readonly functions: readonly JsonObject[];
  readonly roles: readonly JsonObject[];
  readonly apis: readonly JsonObject[];
  readonly logGroups: readonly JsonObject[];
  readonly rules: readonly JsonObject[];
  readonly parameters: readonly JsonObject[];
  readonly webAcls: readonly JsonObject[];
  readonly domainNames: readonly JsonObject[];
  readonly certificates: readonly JsonObject[];
  readonly secrets: readonly JsonObject[];
  readonly alarms: readonly JsonObject[];
  readonly dashboards: readonly JsonObject[];
  readonly queues: readonly JsonObject[];
  readonly topics: readonly JsonObject[];
}

/**
 * Asks the emulator what exists.
 *
 * @param python an interpreter that has boto3, AWS's SDK
 * @param environment leads to the emulator
 */
export async function observe(
  python: string,
  environment: Readonly<Record<string, string>>,
): Promise<Observation> {
  const { stdout } = await promisify(execFile)(python, [script], {
    env: { ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
