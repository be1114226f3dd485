import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { isCompiled, packageRoot } from '../../lib/package-root.ts';
import { CommandError, exitCodes, MissingToolError } from '../command.ts';

const app = join(import.meta.dirname, `../app.${isCompiled ? 'js' : 'ts'}`);

/** The app of this project, for the option `--app`. */
export const appCommand = `node "${app}"`;

/** A command of the CDK CLI has failed. */
export class CdkError extends CommandError {
  override readonly name = 'CdkError';
  override readonly exitCode = exitCodes.bad;
}

/** Finds the CDK CLI of the user's project. @throws MissingToolError */
export function findCdk(): string {
  try {
    const paths = [process.cwd(), packageRoot];
    return createRequire(import.meta.url).resolve('aws-cdk/bin/cdk', { paths });
  } catch {
    throw new MissingToolError('The CDK CLI is missing: run npm install --save-dev aws-cdk in your project');
  }
}

interface RunOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Runs the CDK CLI of the user's project, as a person does.
 *
 * @param cli see {@link findCdk}
 * @param options.directory where it runs: one without a `cdk.json`, which would change what it does
 * @param options.signal ends it
 * @throws CdkError with everything that it wrote, when it fails
 */
export async function runCdk(
  cli: string,
  args: readonly string[],
  { directory, environment, signal }: RunOptions,
): Promise<void> {
  const output: string[] = [];
  const child = spawn(process.execPath, [cli, ...args, '--no-notices', '--ci'], {
    cwd: directory,
    env: { ...environment },
    signal,
    // Ctrl-C goes to every process of a terminal's group. Only `signal` may end this one, since it may be destroying a stack.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (data: Buffer) => output.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new CdkError(`cdk ${args.join(' ')} ended with ${code}:\n${output.join('')}`);
}
