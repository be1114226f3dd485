import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** A command of the CDK CLI has failed. */
export class CdkError extends Error {
  override readonly name = 'CdkError';
}

/**
 * Runs the project's own CDK CLI, as a person does.
 *
 * @param signal ends it
 * @throws CdkError with everything that it wrote, when it fails
 */
export async function runCdk(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const output: string[] = [];
  const child = spawn(process.execPath, [cli, ...args, '--no-notices', '--ci'], {
    cwd: root,
    env: { ...environment },
    signal,
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
