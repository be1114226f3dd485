import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { CommandError, readOnce } from './command.ts';
import {
  buildProjectFiles,
  dependencies,
  developmentDependencies,
  findConfigPath,
  ignored,
} from './init/project-files.ts';
import { completeSettings, type Settings } from './init/settings.ts';
import { type WrittenProject, writeProject } from './init/write-project.ts';

interface Options extends Partial<Settings> {
  readonly yes?: boolean;
}

export const command: Command = new Command('init')
  .description(
    'Starts a project with a config, a CDK app and a pipeline, in an empty directory or an existing repository. It prompts for what it needs. It changes no existing file, except for lines that it adds to .gitignore.',
  )
  .argument('[directory]', 'where to', '.')
  .option('--service-name <name>', 'the name of the service, as users know it', readOnce)
  .option('--host <name>', "the service's host name, if it has one", readOnce)
  .option('--environment <environment>', 'integration (default) or production', readOnce)
  .option(
    '--name <name>',
    'the name of the deployment; default: made of the service and the environment',
    readOnce,
  )
  .option('--client-id <id>', 'the client id that One Login gave you; default: a placeholder', readOnce)
  .option('--yes', 'start without questions')
  .addHelpText(
    'after',
    "\nExample:\n  $ one-login init licences --service-name 'Apply for a licence' --host licences.service.gov.uk",
  )
  .action(init);

async function init(directory: string, { yes, ...given }: Options): Promise<void> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const settings = await (isTerminal && !yes ? askForSettings(given) : completeSettings(given, undefined));
  const written = writeProject(directory, buildProjectFiles(settings), ignored);
  console.log(describe(directory, settings, written));
}

async function askForSettings(given: Partial<Settings>): Promise<Settings> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const lines = terminal[Symbol.asyncIterator]();
  try {
    return await completeSettings(given, async (question, check) => {
      terminal.setPrompt(question);
      for (;;) {
        terminal.prompt();
        const { value: answer, done } = await lines.next();
        if (done) throw new CommandError('\nnothing was written');
        const mistake = check(answer);
        if (mistake === undefined) return answer;
        console.log(mistake);
      }
    });
  } finally {
    terminal.close();
  }
}

function describe(directory: string, settings: Settings, { created, skipped }: WrittenProject): string {
  const config = findConfigPath(settings);
  const place = relative('', directory);
  const app = skipped.includes('cdk.json') ? '--app "node one-login.mts" ' : '';
  return [
    ...formatList('Written:', created),
    ...formatList('Not changed, because they exist:', skipped),
    ...formatList('Next:', [
      ...(place === '' ? [] : [`cd ${place}`]),
      ...listInstallations(directory),
      `npx one-login check --config ${config}`,
      `npx one-login local --config ${config}`,
      `npx cdk synth ${app}-c config=${config}`,
    ]),
    ...formatList(
      'If your registry does not have one-login-lambda, install it from a tarball or a git tag first:',
      [
        'npm install ./one-login-lambda-<version>.tgz',
        'npm install git+https://<host>/<owner>/one-login-lambda.git#v<version>',
      ],
    ),
    'The pipeline in .github/workflows/deploy.yml begins with what you have to set up for it.',
    ...(isBelowRepository(directory)
      ? [
          'GitHub reads pipelines from the root of a repository only: move it there, and set its working-directory.',
        ]
      : []),
  ].join('\n');
}

function formatList(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

/** Returns the commands that install what the project needs and its `package.json` does not have. */
function listInstallations(directory: string): readonly string[] {
  const { dependencies: has = {}, devDependencies: hasToDevelop = {} } = readPackage(directory);
  const listMissing = (needed: Readonly<Record<string, string>>) =>
    Object.entries(needed).flatMap(([name, version]) =>
      name in has || name in hasToDevelop ? [] : [`"${name}@${version}"`],
    );
  const [missing, missingToDevelop] = [listMissing(dependencies), listMissing(developmentDependencies)];
  if (missing.length + missingToDevelop.length === 0) return ['npm install'];
  return [
    ...(missing.length === 0 ? [] : [`npm install ${missing.join(' ')}`]),
    ...(missingToDevelop.length === 0 ? [] : [`npm install --save-dev ${missingToDevelop.join(' ')}`]),
  ];
}

function readPackage(directory: string): {
  readonly dependencies?: object;
  readonly devDependencies?: object;
} {
  try {
    return Object(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
  } catch {
    return {};
  }
}

function isBelowRepository(directory: string): boolean {
  const parent = dirname(resolve(directory));
  if (existsSync(join(directory, '.git')) || parent === resolve(directory)) return false;
  return existsSync(join(parent, '.git')) || isBelowRepository(parent);
}
