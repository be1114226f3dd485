import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { stageName } from '../lib/api/routes.ts';
import { loadConfig, readConfigFile } from '../lib/config/load-config.ts';
import { packageRoot } from '../lib/package-root.ts';
import { Cleanup } from '../local/cleanup.ts';
import { type ExitCode, exitCodes, printReport, readOnce } from './command.ts';
import { preparePython } from './python/prepare-python.ts';
import { Aws, authorizeForEmulator } from './rehearse/aws.ts';
import { findCdk, runCdk } from './rehearse/cdk.ts';
import { startEmulator } from './rehearse/emulator.ts';
import { startFront } from './rehearse/front.ts';
import { reportLimits, reportStep } from './rehearse/print-report.ts';
import { rehearse } from './rehearse/rehearse.ts';
import { sealedEnvironment } from './rehearse/sealed-environment.ts';

/** For a config that leaves it to the credentials. */
const someAccount = '111122223333';

export const command: Command = new Command('rehearse')
  .description(
    'Deploys the config with the real CDK CLI into an AWS that is emulated on this machine. Users sign in there while it is upgraded, its key is switched and a deployment fails. It needs Python.',
  )
  .option(
    '--config <file>',
    'the config file of the deployment (default: the example for production)',
    readOnce,
  )
  .addHelpText('after', '\nExample:\n  $ one-login rehearse --config config/production.json')
  .action(runRehearsal);

/** Everything is switched on in it, as a deployment in production would have it. */
const exampleConfig = join(packageRoot, 'config/production.example.json');

async function runRehearsal({ config = exampleConfig }: { readonly config?: string }): Promise<void> {
  const cleanup = new Cleanup();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  try {
    process.exitCode = await rehearseFile(config, cleanup, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = exitCodes.unknown;
  } finally {
    await cleanup.run();
  }
}

async function rehearseFile(path: string, cleanup: Cleanup, signal: AbortSignal): Promise<ExitCode> {
  const { region, account = someAccount } = loadConfig(path);
  const cdk = findCdk();
  const python = await preparePython({ progress: (text) => console.log(text) });
  const directory = await mkdtemp(join(tmpdir(), 'one-login-rehearsal-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  // Node takes the module system of the functions' files from the nearest package.json.
  await writeFile(join(directory, 'package.json'), '{}');
  const sealed = sealedEnvironment({ directory, region, account });
  const emulator = await startEmulator(python, { account, region, environment: sealed });
  cleanup.add(() => emulator.close());
  const front = await startFront(emulator.port, stageName);
  cleanup.add(() => front.close());
  const endpoint = `http://127.0.0.1:${emulator.port}`;
  const environment = { ...sealed, AWS_ENDPOINT_URL: endpoint };

  console.log(
    `Rehearsing ${path} in an AWS that is emulated on this machine (account ${account}, ${region})\n`,
  );
  let isGood = true;
  const leftOut = await rehearse(Object(readConfigFile(path)), {
    directory,
    account,
    signal,
    front,
    aws: new Aws(authorizeForEmulator(endpoint, account, region)),
    cdk: (args) => runCdk(cdk, args, { directory, environment, signal }),
    report: (step, problems) => {
      isGood &&= problems.length === 0;
      printReport(reportStep(step, problems));
    },
  });
  console.log(reportLimits(leftOut));
  return isGood ? exitCodes.good : exitCodes.bad;
}
