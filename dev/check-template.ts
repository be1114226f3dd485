/**
 * `npm run check:template`: checks the template of each config in `config/`, or of the named ones, with cfn-lint. It exits
 * with 1 if cfn-lint finds something, and with 3 if there is no Python to run it.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { exitCodes, printReport, runProgram } from '../bin/command.ts';
import { preparePython } from '../bin/python/prepare-python.ts';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { lintTemplate } from './check-template/cfn-lint.ts';

const program = new Command('npm run check:template --')
  .description('Checks the templates of configs with cfn-lint.')
  .argument('[configs...]', 'config files; default: all in config/')
  .action(checkTemplates);

await runProgram(program);

async function checkTemplates(configs: readonly string[]): Promise<void> {
  const python = await preparePython({ progress: (text) => console.log(text) });
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-lint-'));
  try {
    const findings = [];
    for (const path of configs.length > 0 ? configs : listConfigs()) {
      const config = loadConfig(path);
      const outdir = join(directory, path.replaceAll(/\W+/g, '-'));
      buildApp(config, { outdir }).synth();
      const template = join(outdir, `${buildStackName(config)}.template.json`);
      const found = await lintTemplate(python, template, config.region);
      printReport(`${found.length === 0 ? 'pass' : 'FAIL'}  ${path}`);
      for (const finding of found) console.log(`      ${finding}`);
      findings.push(...found);
    }
    if (findings.length > 0) process.exitCode = exitCodes.bad;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function listConfigs(): readonly string[] {
  const directory = join(import.meta.dirname, '../config');
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => relative('', join(directory, file)));
}
