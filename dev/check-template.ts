/**
 * `npm run check:template`: checks the template of each config in `config/`, or of the named ones, with cfn-lint. It exits
 * with 1 if cfn-lint finds something, and with 3 if there is no Python to run it.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes, runCommand } from '../bin/command.ts';
import { preparePython } from '../bin/python/prepare-python.ts';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { lintTemplate } from './check-template/cfn-lint.ts';

await runCommand('npm run check:template [-- <config>...]', async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const python = await preparePython({ progress: (text) => console.log(text) });
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-lint-'));
  try {
    const findings = [];
    for (const path of positionals.length > 0 ? positionals : listConfigs()) {
      const config = loadConfig(path);
      const outdir = join(directory, path.replaceAll(/\W+/g, '-'));
      buildApp(config, { outdir }).synth();
      const template = join(outdir, `${buildStackName(config)}.template.json`);
      const found = await lintTemplate(python, template, config.region);
      console.log(`${found.length === 0 ? 'pass' : 'FAIL'}  ${path}`);
      for (const finding of found) console.log(`      ${finding}`);
      findings.push(...found);
    }
    return findings.length === 0 ? exitCodes.good : exitCodes.bad;
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function listConfigs(): readonly string[] {
  const files = readdirSync(join(import.meta.dirname, '../config'));
  return files
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => join('config', file));
}
