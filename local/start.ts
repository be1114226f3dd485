/**
 * `one-login local` and `npm start`: runs a deployment on this machine until it is interrupted. It writes `ready` and the
 * address to standard output, then the log, and progress and warnings to standard error.
 */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';
import type { LocalEnvironment } from './environment.ts';
import { configureStart, localConfigFile } from './local-config.ts';
import { ReadableLog, toJsonLine } from './log-line.ts';
import { listenOnLocalhost } from './loopback-server.ts';
import { StartError } from './start-error.ts';
import { readStartSettings, type StartOptions, type StartSettings } from './start-settings.ts';
import { watchConfig } from './watch-config.ts';

/** How long ending may take, in milliseconds. */
const closeTimeout = 5000;
/** How often to check that npm's shell still runs, in milliseconds. */
const parentCheckInterval = 250;

/**
 * Runs until a signal ends it.
 *
 * @returns whether it could start; if not, it has printed why
 */
export async function runLocal(options: StartOptions): Promise<boolean> {
  const interrupted = new AbortController();
  onEnd(() => interrupted.abort());
  try {
    keepAwsOnThisMachine();
    const settings = readStartSettings(process.env, options);
    const environment = await start(settings, interrupted.signal);
    printAddresses(environment, settings);
    if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');
    await environment.close();
  } catch (error) {
    if (interrupted.signal.aborted) return true;
    console.error(isForPerson(error) ? error.message : error);
    return false;
  }
  return true;
}

/** Calls `end` once or several times: a signal can come twice, from the terminal and from npm. */
function onEnd(end: () => void): void {
  const endInTime = () => {
    end();
    setTimeout(() => process.exit(1), closeTimeout).unref();
  };
  // SIGBREAK is Ctrl-Break on Windows.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, endInTime);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // npm sends a signal to the shell that runs this process, and some shells do not pass it on.
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && endInTime(), parentCheckInterval).unref();
}

/** The developer's own AWS configuration must not send a call to AWS. */
function keepAwsOnThisMachine(): void {
  Object.assign(process.env, {
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

async function start(settings: StartSettings, signal: AbortSignal): Promise<LocalEnvironment> {
  await checkPorts(settings);
  const config = await configureStart(settings);
  const showProgress = process.stderr.isTTY && !settings.json ? console.error : () => {};
  const directory = await mkdtemp(path.join(tmpdir(), 'one-login-lambda-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const synthesise = createSynthesis(directory, signal);
  showProgress(`Synthesising ${config.name} …`);
  // All of these take time, and the synthesis runs in a separate process.
  const [{ startLocalEnvironment }, certificate, assemblyDirectory] = await Promise.all([
    import('./environment.ts'),
    settings.https ? makeCertificate(settings) : undefined,
    synthesise(config),
  ]);
  const { port, publicOrigin, service, oneLoginPort, oneLoginUrl, dynamodbUrl, kmsUrl } = settings;
  showProgress(`Starting the functions${oneLoginUrl === undefined ? " and One Login's stand-in" : ''} …`);
  const environment = await startLocalEnvironment({
    config,
    assemblyDirectory,
    port,
    publicOrigin,
    certificate,
    service,
    oneLoginPort,
    externalProvider: oneLoginUrl !== undefined,
    dynamodbUrl,
    kmsUrl,
    ...createLog(settings),
    onWarning: (warning) => console.error(warning),
    record: false,
    signal,
  });
  watch({ settings, config, assemblyDirectory, environment, synthesise, signal });
  return environment;
}

/** Looks at the ports before anything that takes time. @throws StartError about the first that is taken */
async function checkPorts({ port, oneLoginPort, oneLoginUrl }: StartSettings): Promise<void> {
  const ports = { PORT: port, ...(oneLoginUrl === undefined ? { ONE_LOGIN_PORT: oneLoginPort } : {}) };
  for (const [portName, number] of Object.entries(ports)) {
    const server = await listenOnLocalhost(() => {}, { port: number, portName });
    await server.close();
  }
}

async function makeCertificate({ publicOrigin }: StartSettings) {
  const certificates = await import('./certificate.ts');
  return certificates.makeCertificate(new URL(publicOrigin).hostname);
}

/** Synthesises deployments, each into a directory of its own. */
function createSynthesis(directory: string, signal: AbortSignal) {
  return async (config: DeploymentConfig): Promise<string> => {
    const { synthesise } = await import('./synthesis/synthesise.ts');
    const assemblyDirectory = await mkdtemp(path.join(directory, 'assembly-'));
    await synthesise({ config, directory: assemblyDirectory, signal });
    return assemblyDirectory;
  };
}

function createLog({ json }: StartSettings) {
  if (json) return { onLine: (line: string) => console.log(toJsonLine(line)) };
  const log = new ReadableLog(console.log);
  return {
    onLine: log.addLine.bind(log),
    onAnswer: log.addAnswer.bind(log),
  };
}

interface Watching {
  readonly settings: StartSettings;
  /** What runs at the start. */
  readonly config: DeploymentConfig;
  readonly assemblyDirectory: string;
  readonly environment: LocalEnvironment;
  readonly synthesise: (config: DeploymentConfig) => Promise<string>;
  readonly signal: AbortSignal;
}

function watch({ settings, config, assemblyDirectory, environment, synthesise, signal }: Watching): void {
  let running = assemblyDirectory;
  watchConfig({
    file: settings.configFile ?? localConfigFile,
    config,
    read: () => configureStart(settings),
    takeOver: async (changed) => {
      const next = await synthesise(changed);
      await environment.update({ config: changed, assemblyDirectory: next });
      await rm(running, { recursive: true, force: true });
      running = next;
    },
    report: console.error,
    signal,
  });
}

/** The first line has the same form with and without `--json`: programs wait for it. */
function printAddresses({ url, publicUrl, standInUrl }: LocalEnvironment, settings: StartSettings): void {
  console.log(`ready ${url}/`);
  if (settings.json) return;
  const { service, oneLoginUrl, https, configFile = localConfigFile } = settings;
  const addresses = [
    ['Your service', service === undefined ? `${url}/` : `${url}/, forwarded to ${service}`],
    ['Sign in', `${publicUrl}/login`],
    ['Who is signed in', `${publicUrl}/userinfo`],
    ['Sign out', `${publicUrl}/logout`],
    standInUrl ? ["One Login's stand-in", `${standInUrl}/`] : ['One Login', `${oneLoginUrl}/`],
    ...(standInUrl ? [['Control of the stand-in', `${standInUrl}/control`] as const] : []),
    ['Config', path.relative('', configFile)],
  ] as const;
  for (const [name, address] of addresses) console.log(`  ${name.padEnd(24)}${address}`);
  if (https)
    console.log('Your browser warns of the certificate, because it is self-signed. Go on to the page.');
  console.log('Changes of the config apply at once. Ctrl-C stops it.');
}

function isForPerson(error: unknown): error is Error {
  return error instanceof StartError || error instanceof ConfigError;
}
