import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listenInternally } from '../../local/loopback-server.ts';

/** A program, of the system or with a dot in the directory, and its arguments. */
type Command = readonly [string, ...string[]];

export interface Starter {
  readonly name: string;
  /** Below `examples`. */
  readonly directory: string;
  /** Succeeds where the language is installed. */
  readonly toolchain: Command;
  /** Fetch packages and build, in a copy of the directory. */
  readonly prepare: readonly Command[];
  readonly start: Command;
}

const isWindows = process.platform === 'win32';
const python = join('..', '.venv', isWindows ? 'Scripts' : 'bin', 'python');
const inPython = {
  toolchain: [
    isWindows ? 'python' : 'python3',
    '-c',
    'import sys, venv; sys.exit(sys.version_info < (3, 10))',
  ],
  prepare: [
    [isWindows ? 'python' : 'python3', '-m', 'venv', join('..', '.venv')],
    [python, '-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
  ],
} as const;

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The client of these sources, in place of the package, which no registry has. Express is in the repository's own packages. */
const packageInStarter = join('node_modules', 'one-login-lambda');
const compileClient: Command = [
  process.execPath,
  ...[join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--ignoreConfig', '--rootDir', root],
  ...['--outDir', join(packageInStarter, 'dist'), '--target', 'es2024', '--module', 'nodenext'],
  ...['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types'), '--skipLibCheck'],
  ...['--rewriteRelativeImportExtensions', join(root, 'client', 'index.ts')],
];

const maven = isWindows ? 'mvn.cmd' : 'mvn';

export const starters: readonly Starter[] = [
  {
    name: 'Express',
    directory: 'express',
    toolchain: [process.execPath, '--version'],
    prepare: [
      compileClient,
      [
        process.execPath,
        '--eval',
        'fs.copyFileSync(...process.argv.slice(1))',
        join(root, 'package.json'),
        join(packageInStarter, 'package.json'),
      ],
    ],
    start: [process.execPath, 'app.js'],
  },
  { name: 'Flask', directory: 'flask', ...inPython, start: [python, 'app.py'] },
  {
    name: 'Django',
    directory: 'django',
    ...inPython,
    start: [python, 'manage.py', 'runserver', '--noreload'],
  },
  {
    name: 'Go',
    directory: 'go',
    toolchain: ['go', 'version'],
    prepare: [['go', 'build', '-o', 'service.exe', '.']],
    start: ['./service.exe'],
  },
  {
    name: 'Spring Boot',
    directory: 'spring-boot',
    toolchain: [maven, '--version'],
    prepare: [[maven, '--batch-mode', '--quiet', 'package']],
    start: ['java', '-jar', join('target', 'service-1.jar')],
  },
];

export function locateStarter({ directory }: Starter): string {
  return join(root, 'examples', directory);
}

/** The lines of a package manager that reaches no registry. */
const registryFailure = /Retrying \(|Could not transfer artifact|dial tcp|i\/o timeout/;

/**
 * Builds a copy of a starter outside the sources.
 *
 * @returns where it is, or why it can't be built here
 * @throws Error when it can be built, but the build fails
 */
export async function prepareStarter(
  starter: Starter,
): Promise<{ readonly directory: string } | { readonly missing: string }> {
  const directory = join(root, 'node_modules', '.cache', 'starters', starter.directory, 'source');
  const [tool] = starter.toolchain;
  try {
    await run(starter.toolchain, root);
  } catch {
    return { missing: `${tool} is missing or too old` };
  }
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  cpSync(locateStarter(starter), directory, { recursive: true });
  try {
    for (const command of starter.prepare) await run(command, directory);
  } catch (error) {
    if (registryFailure.test(String(error))) return { missing: 'the packages cannot be fetched' };
    throw error;
  }
  return { directory };
}

function run([file, ...args]: Command, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, VIRTUAL_ENV: '' } };
    execFile(locateProgram(file, cwd), args, options, (error, out, err) => {
      if (error === null) resolve();
      else reject(new Error(`${file} ${args.join(' ')}: ${error.message}\n${out}\n${err}`));
    });
  });
}

const locateProgram = (file: string, directory: string) =>
  file.startsWith('.') ? join(directory, file) : file;

export interface RunningStarter {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a starter that has been prepared, and waits until it accepts connections. */
export async function startStarter(
  { start: [file, ...args] }: Starter,
  directory: string,
  {
    port,
    publicUrl,
    environment = {},
  }: {
    readonly port: number;
    readonly publicUrl: string;
    /** Variables of this starter alone. */
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<RunningStarter> {
  const env = { ...process.env, PORT: String(port), ONE_LOGIN_PUBLIC_URL: publicUrl, ...environment };
  const output: string[] = [];
  const service = spawn(locateProgram(file, directory), args, {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [service.stdout, service.stderr]) stream.on('data', (text) => output.push(`${text}`));
  const exited = once(service, 'exit');
  const url = `http://localhost:${port}`;
  while (!(await accepts(url))) {
    if (service.exitCode !== null) throw new Error(`${file} ends:\n${output.join('')}`);
    await setTimeout(50);
  }
  return {
    url,
    close: async () => {
      service.kill();
      await exited;
    },
  };
}

const accepts = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** A port that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const server = await listenInternally(() => undefined);
  await server.close();
  return server.port;
}
