/**
 * `npm run rehearse -- --config config/production.json`: deploys the config with the real CDK CLI into an AWS that is
 * emulated on this machine, rotates its signing key, and destroys it again, see docs/operations/rehearsal.md. Exits with
 * 1 when something is not as the template says, with 2 when it could
 * not be tried, and with 3 when that is for want of Python.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../lib/config/load-config.ts';
import { Cleanup } from '../local/cleanup.ts';
import { type ExitCode, exitCodes, runCommand } from './command.ts';
import { preparePython } from './python/prepare-python.ts';
import { CdkError, runCdk } from './rehearse/cdk.ts';
import { startEmulator } from './rehearse/emulator.ts';
import { observe } from './rehearse/observation.ts';
import { reportLimits, reportStep } from './rehearse/print-report.ts';
import { rehearse } from './rehearse/rehearse.ts';
import { emulatorVariables, sealedEnvironment } from './rehearse/sealed-environment.ts';

/** Has everything that the project knows of switched on, as a deployment in production would. */
const defaultConfig = 'config/production.example.json';
/** For a config that leaves it to the credentials. */
const someAccount = '111122223333';

await runCommand('npm run rehearse [-- --config <file>]', async () => {
  const { values } = parseArgs({ options: { config: { type: 'string', default: defaultConfig } } });
  const cleanup = new Cleanup();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  try {
    return await rehearseFile(values.config, cleanup, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.unknown;
    if (!(error instanceof CdkError)) throw error;
    console.error(error.message);
    return exitCodes.bad;
  } finally {
    await cleanup.run();
  }
});

async function rehearseFile(path: string, cleanup: Cleanup, signal: AbortSignal): Promise<ExitCode> {
  const { region, account = someAccount } = loadConfig(path);
  const python = await preparePython({ progress: (text) => console.log(text) });
  const directory = await mkdtemp(join(tmpdir(), 'one-login-rehearsal-'));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const sealed = sealedEnvironment({ directory, region, account });
  const emulator = await startEmulator(python, sealed);
  cleanup.add(() => emulator.close());
  const environment = { ...sealed, ...emulatorVariables(emulator.port) };

  console.log(
    `Rehearsing ${path} in an AWS that is emulated on this machine (account ${account}, ${region})\n`,
  );
  let isGood = true;
  await rehearse(JSON.parse(await readFile(path, 'utf8')), account, {
    directory,
    cdk: (args) => runCdk(args, environment, signal),
    observe: () => observe(python, environment),
    report: (step, problems) => {
      isGood &&= problems.length === 0;
      console.log(reportStep(step, problems));
    },
  });
  console.log(reportLimits(emulator.facts));
  return isGood ? exitCodes.good : exitCodes.bad;
}
