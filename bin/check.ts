import { accessSync } from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { readConfigFile } from '../lib/config/load-config.ts';
import { ConfigError, type Mistake } from '../lib/config/mistakes.ts';
import { validateConfig } from '../lib/config/validate-config.ts';
import { findPlaceholders } from './check/find-placeholders.ts';
import { findSharedHost } from './check/find-shared-host.ts';
import { buildConfigOption, buildJsonOption, exitCodes, printReport, useFile } from './command.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

export const command: Command = new Command('check')
  .description(
    'Checks a config file and nothing else: lists all mistakes, and warns about values that are probably wrong, such as those of an example.',
  )
  .addOption(buildConfigOption())
  .addOption(buildJsonOption())
  .addHelpText('after', '\nExample:\n  $ one-login check --config config/production.json')
  .action(check);

function check({ config: file, json }: Options): void {
  useFile('config', 'read', () => accessSync(file));
  const { mistakes, warnings } = examine(file);
  const good = mistakes.length === 0;
  if (json) console.log(JSON.stringify({ good, file, mistakes, warnings }, undefined, 2));
  else {
    const lines = [
      ...(good ? [`pass  ${file} has no mistakes`] : []),
      ...mistakes.map((mistake) => `fail  ${formatMistake(mistake)}`),
      ...warnings.map((warning) => `warn  ${formatMistake(warning)}`),
    ];
    printReport(lines.join('\n'));
  }
  if (!good) process.exitCode = exitCodes.bad;
}

interface Result {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

function examine(file: string): Result {
  let warnings: readonly Mistake[] = [];
  try {
    const content = readConfigFile(file);
    warnings = findPlaceholders(content);
    const config = validateConfig(content, file);
    return { mistakes: [], warnings: [...warnings, ...findSharedHost(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { mistakes: error.mistakes, warnings };
  }
}

function formatMistake({ path, message }: Mistake): string {
  return path === '' ? message : `${path}: ${message}`;
}
