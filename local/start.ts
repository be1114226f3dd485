/**
 * `npm start`: runs the deployment of `config/local.json` on this machine until it is interrupted. Its environment
 * variables are in `start-settings.ts`. It writes the functions' logs to standard output, one JSON object a line, and
 * `ready http://localhost:8080/`.
 */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '../lib/config/mistakes.ts';
import { configureStart } from './local-config.ts';
import { toJsonLine } from './log-line.ts';
import { StartError } from './start-error.ts';
import { readStartSettings } from './start-settings.ts';

/** How long ending may take, in milliseconds. */
const closeTimeout = 5000;
/** How often to check that npm's shell still runs, in milliseconds. */
const parentCheckInterval = 250;

await main();

async function main(): Promise<void> {
  const interrupted = new AbortController();
  onEnd(() => interrupted.abort());
  try {
    const environment = await start(interrupted.signal);
    console.log(`ready ${environment.url}/`);
    if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');
    await environment.close();
  } catch (error) {
    if (!interrupted.signal.aborted) complain(error);
  }
  // A browser may still have an open connection.
  process.exit();
}

/** Calls `end` once or several times: a signal can come twice, from the terminal and from npm. */
function onEnd(end: () => void): void {
  const endInTime = () => {
    end();
    setTimeout(() => process.exit(1), closeTimeout).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endInTime);
  // Standard output is closed.
  process.stdout.on('error', endInTime);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // npm sends a signal to the shell that runs this process, and some shells do not pass it on.
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && endInTime(), parentCheckInterval).unref();
}

async function start(signal: AbortSignal) {
  keepAwsOnThisMachine();
  const settings = readStartSettings(process.env);
  const config = await configureStart(settings);
  const directory = await mkdtemp(path.join(tmpdir(), 'one-login-lambda-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  // Both take time to load, and the synthesis runs in a separate process.
  const [{ startLocalEnvironment }] = await Promise.all([
    import('./environment.ts'),
    import('./synthesis/synthesise.ts').then(({ synthesise }) => synthesise({ config, directory, signal })),
  ]);
  const { port, oneLoginPort, oneLoginUrl, dynamodbUrl, kmsUrl } = settings;
  return startLocalEnvironment({
    config,
    assemblyDirectory: directory,
    port,
    oneLoginPort,
    externalProvider: oneLoginUrl !== undefined,
    ...(dynamodbUrl === undefined ? {} : { dynamodbUrl }),
    ...(kmsUrl === undefined ? {} : { kmsUrl }),
    onLine: (line) => console.log(toJsonLine(line)),
    onWarning: (warning) => console.error(warning),
    record: false,
    signal,
  });
}

/** The developer's own AWS configuration must not send a call to AWS. */
function keepAwsOnThisMachine(): void {
  Object.assign(process.env, {
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

function complain(error: unknown): void {
  process.exitCode = 1;
  const isOurs = error instanceof StartError || error instanceof ConfigError;
  console.error(isOurs ? error.message : error);
}
