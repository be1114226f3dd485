import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, jest } from '@jest/globals';
import { readConfigFile } from '../infra/synthesise.ts';

// Each command is a process of its own.
jest.setTimeout(60_000);

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The tools of `dev/`. The others are commands of `one-login`. */
const developersTools = ['audit', 'check-template', 'game-day', 'load', 'sbom', 'size'];

/** Runs a tool of `dev/` or a command of `one-login` as npm does, with nothing of the environment but what it is given. */
export function runCommand(name: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommandWith({}, name, ...args);
}

/** As {@link runCommand}, with variables of the environment. */
export function runCommandWith(
  env: Readonly<Record<string, string>>,
  name: string,
  ...args: readonly string[]
): Promise<CommandResult> {
  if (developersTools.includes(name)) return runScript(env, `dev/${name}.ts`, ...args);
  return runScript(env, 'bin/one-login.ts', name, ...args);
}

/**
 * What every process that a test starts has in its environment: Node's cache, and no checks of templates, as in
 * `jest.config.mjs`.
 */
export const savingTime: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  CDK_VALIDATION: 'false',
};

/** Runs a script of this project, with nothing of the environment but {@link savingTime} and `env`. */
export function runScript(
  env: Readonly<Record<string, string>>,
  script: string,
  ...args: readonly string[]
): Promise<CommandResult> {
  const file = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env: { ...savingTime, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const directory = mkdtempSync(join(tmpdir(), 'one-login-command-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let count = 0;

/** Where a file may be written that is removed when the tests of the file have run. */
export function temporaryPath(name: string): string {
  count += 1;
  return join(directory, `${count}-${name}`);
}

export function temporaryFile(name: string, content: unknown): string {
  const file = temporaryPath(name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  return file;
}

/**
 * Writes a config file: that of the local environment with changes.
 *
 * @param changes a field set to undefined is left out
 */
export function configFileWith(changes: Readonly<Record<string, unknown>>, base = 'local'): string {
  return temporaryFile('config.json', { ...readConfigFile(base), ...changes });
}
