import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { loadConfig } from '../lib/config/load-config.ts';
import { packageRoot } from '../lib/package-root.ts';
import { synthesise } from '../local/synthesis/synthesise.ts';
import { buildConfigOption, CommandError, exitCodes, printReport, useFile } from './command.ts';
import { createNetwork } from './doctor/transport.ts';
import { Aws } from './rehearse/aws.ts';
import { findCdk, runCdk } from './rehearse/cdk.ts';
import { reportStep } from './rehearse/print-report.ts';
import { formatSmokeReport, remainsForPerson, type SmokeReport } from './smoke/report.ts';
import { authorizeWith, findCredentials } from './smoke/sign-request.ts';
import { examineAccount, requireIntegration, smoke } from './smoke/smoke.ts';

interface Options {
  readonly config: string;
  readonly output: string;
  readonly yes: boolean;
}

export const command: Command = new Command('smoke')
  .description(
    'Deploys the config into a sandbox account, runs the doctor, tests sign-in as far as possible without a browser, and destroys the stack. It writes a report to keep as evidence. It needs AWS credentials.',
  )
  .addOption(buildConfigOption())
  .option('--output <directory>', 'where to write smoke.md and smoke.json', 'smoke-report')
  .option('--yes', 'do not wait for confirmation of the account', false)
  .addHelpText('after', '\nExample:\n  $ one-login smoke --config config/sandbox.json')
  .action(runSmoke);

async function runSmoke({ config: path, output, yes }: Options): Promise<void> {
  const config = loadConfig(path);
  requireIntegration(config);
  const cli = findCdk();
  const aws = new Aws(authorizeWith(await findCredentials(config.region), config.region, Date.now));
  const account = await examineAccount(config, aws);
  if (!yes) await confirm(account, config.region);
  useFile('output', 'written', () => mkdirSync(output, { recursive: true }));

  const startedAt = new Date().toISOString();
  const interrupted = new AbortController();
  // A second signal must not prevent the destruction either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const directory = await mkdtemp(join(tmpdir(), 'one-login-smoke-'));
  try {
    const steps = await smoke(
      { ...config, account },
      {
        directory,
        aws,
        transport: createNetwork(),
        synthesise: (to, signal) => synthesise({ config: { ...config, account }, directory: to, signal }),
        cdk: (args, signal) =>
          runCdk(cli, args, { directory, environment: process.env as Record<string, string>, signal }),
        now: Date.now,
        report: ({ name, seconds, problems }) => printReport(reportStep(`${name} (${seconds} s)`, problems)),
        signal: interrupted.signal,
      },
    );
    const good = !interrupted.signal.aborted && steps.every(({ outcome }) => outcome === 'pass');
    const commit = readCommit();
    const { version }: { readonly version: string } = JSON.parse(
      readFileSync(join(packageRoot, 'package.json'), 'utf8'),
    );
    const report: SmokeReport = {
      good,
      startedAt,
      version,
      ...(commit === undefined ? {} : { commit }),
      config: path,
      account,
      region: config.region,
      steps,
      remains: remainsForPerson,
    };
    writeFileSync(join(output, 'smoke.md'), formatSmokeReport(report));
    writeFileSync(join(output, 'smoke.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    console.log(`\nThe report is in ${join(output, 'smoke.md')} and smoke.json.`);
    if (!good) process.exitCode = exitCodes.bad;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function confirm(account: string, region: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandError('smoke needs confirmation of the account: without a terminal, add --yes');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `This deploys into the account ${account} in ${region}, and destroys it again. Enter the account id to continue: `,
    );
    if (answer.trim() !== account) throw new CommandError('nothing was deployed');
  } finally {
    terminal.close();
  }
}

function readCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
