import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../lib/package-root.ts';
import { MissingToolError } from '../command.ts';

const run = promisify(execFile);

/** The packages to install, at exact versions. */
const requirements = join(packageRoot, 'bin/python/requirements.txt');
const cache = join(packageRoot, 'node_modules/.cache/one-login-lambda');

/** The oldest Python that all packages run on. */
const oldestPython = [3, 11] as const;

export interface PreparePythonOptions {
  /** The machine's own interpreter. @default `python3` of the PATH */
  readonly command?: string;
  /** The folder for environments. @default a cache in node_modules, which `npm ci` empties */
  readonly directory?: string;
  /** Prints what takes long. */
  readonly progress: (text: string) => void;
}

/**
 * Prepares a Python environment of this project and keeps it for the next time. pip installs it if there is none yet for
 * these requirements and this Python. It does not use or change the machine's own packages.
 *
 * @returns the path of its interpreter, which runs the packages with `-m`
 * @throws MissingToolError if Python is missing, old or without `venv`, or the packages cannot be installed
 */
export async function preparePython({
  command = 'python3',
  directory = cache,
  progress,
}: PreparePythonOptions): Promise<string> {
  const version = await readVersion(command);
  const content = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex');
  const home = join(directory, `python-${content.slice(0, 16)}`);
  if (!existsSync(home)) {
    progress('Installing ministack, cfn-lint and parliament into node_modules/.cache (once, about a minute)');
    await install(command, home);
  }
  return join(home, 'bin/python');
}

async function readVersion(command: string): Promise<string> {
  let version: string;
  try {
    const print = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    version = (await run(command, ['-I', '-c', print])).stdout.trim();
  } catch {
    throw new MissingToolError(
      `Python is missing: this needs ${command}, Python ${oldestPython.join('.')} or newer, with venv and pip`,
    );
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestPython;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return version;
  throw new MissingToolError(
    `Python is too old: ${command} is ${version}, expected ${oldestPython.join('.')} or newer`,
  );
}

/** Renames the environment at the end, so that no command uses an unfinished one. */
async function install(command: string, home: string): Promise<void> {
  const unfinished = `${home}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { recursive: true });
    await run(command, ['-m', 'venv', unfinished]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(join(unfinished, 'bin/python'), [...pip, '--requirement', requirements]);
    await rename(unfinished, home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new MissingToolError(`Python's packages cannot be installed: ${readLastLine(error)}`);
  }
}

/** Returns the last line, where pip and venv write what is wrong. */
function readLastLine(error: unknown): string {
  const { stderr, stdout, message }: { stderr?: string; stdout?: string; message?: string } = Object(error);
  return (stderr || stdout || message || String(error)).trim().split('\n').at(-1) ?? '';
}
