/**
 * `npm run check:template`: checks the template of each config in `config/`, or of the named ones, with cfn-lint, cfn-guard
 * and parliament. It exits with 1 if one of them finds something that has no exemption, and with 3 if there is no Python.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { exitCodes, printReport, runProgram } from '../bin/command.ts';
import { preparePython } from '../bin/python/prepare-python.ts';
import { type BuildAppOptions, buildApp } from '../lib/app.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { buildFullConfig } from '../test/infra/everything-on.ts';
import { placeholderBundles } from '../test/infra/synthesise.ts';
import { lintTemplate } from './check-template/cfn-lint.ts';
import { exemptions } from './check-template/exemptions.ts';
import { type Examined, listPaths, listUnexempted, listUnneeded } from './check-template/findings.ts';
import { guardTemplate } from './check-template/guard.ts';
import { examinePolicies } from './check-template/parliament.ts';

const program = new Command('npm run check:template --')
  .description('Checks the templates of configs with cfn-lint, cfn-guard and parliament.')
  .argument('[configs...]', 'config files; default: all in config/, and configs with all options')
  .action(checkTemplates);

await runProgram(program);

async function checkTemplates(paths: readonly string[]): Promise<void> {
  const python = await preparePython({ progress: (text) => console.log(text) });
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-check-'));
  const examined: Examined[] = [];
  const problems: string[] = [];
  const report = (title: string, found: readonly string[]) => {
    printReport(`${found.length === 0 ? 'pass' : 'FAIL'}  ${title}`);
    for (const line of found) console.log(`      ${line}`);
    problems.push(...found);
  };
  const examine = async ([title, config, options]: NamedConfig): Promise<void> => {
    const outdir = join(directory, title.replaceAll(/\W+/g, '-'));
    const app = buildApp(config, { outdir, ...options });
    app.synth();
    const template = join(outdir, `${buildStackName(config)}.template.json`);
    const found = await Promise.all([
      lintTemplate(python, template, config.region),
      guardTemplate(template),
      examinePolicies(python, template, join(outdir, 'policies')),
    ]);
    const one = { config, paths: listPaths(app), findings: found.flat() };
    examined.push(one);
    report(title, listUnexempted(one, exemptions));
  };
  try {
    // Two at a time: each has a slow program of its own.
    let earlier: Promise<void> | undefined;
    for (const named of paths.length > 0 ? paths.map(loadNamed) : listConfigs()) {
      const running = examine(named);
      await earlier;
      earlier = running;
    }
    await earlier;
    // Only all templates together need all exemptions.
    if (paths.length === 0) report('exemptions', listUnneeded(examined, exemptions));
    if (problems.length > 0) process.exitCode = exitCodes.bad;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

type NamedConfig = readonly [
  title: string,
  config: DeploymentConfig,
  options?: Pick<BuildAppOptions, 'bundles'>,
];

function loadNamed(path: string): NamedConfig {
  return [path, loadConfig(path)];
}

function listConfigs(): readonly NamedConfig[] {
  const directory = join(import.meta.dirname, '../config');
  const examples = readdirSync(directory)
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => loadNamed(relative('', join(directory, file))));
  return [
    ...examples,
    ['all options, at a domain', buildFullConfig('withDomain'), { bundles: placeholderBundles }],
    ['all options, behind CloudFront', buildFullConfig('withCloudFront'), { bundles: placeholderBundles }],
  ];
}
