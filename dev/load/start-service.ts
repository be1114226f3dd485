import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { CommandError } from '../../bin/command.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { readLines } from '../../local/functions/sandbox.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';

/** What `npm start` runs, on ports of its own. */
export interface Service extends AsyncDisposable {
  /** Up to and including `/auth`. */
  readonly publicUrl: string;
  readonly processId: number;
}

/** Runs `npm start` until it is disposed of. @throws CommandError with what it printed if it does not start */
export async function startService(): Promise<Service> {
  const [port = '', oneLoginPort = ''] = await findFreePorts();
  const options = ['--json', '--port', port, '--one-login-port', oneLoginPort];
  const child = spawn(process.execPath, [join(packageRoot, 'bin/one-login.ts'), 'local', ...options], {
    // As under npm, it ends when this process has ended, however that was.
    env: { ...process.env, npm_lifecycle_event: 'load' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const errors = text(child.stderr);
  const isReady = await new Promise<boolean>((resolve) => {
    readLines(child.stdout, (line) => line.startsWith('ready ') && resolve(true));
    ended.then(() => resolve(false));
  });
  if (!isReady) throw new CommandError(`npm start did not start: ${(await errors).trim()}`);
  return {
    publicUrl: `http://localhost:${port}/auth`,
    processId: Number(child.pid),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
      process.stderr.write(await errors);
    },
  };
}

async function findFreePorts(): Promise<readonly string[]> {
  const servers = await Promise.all([1, 2].map(() => listenOnLocalhost(() => {}, { port: 0, portName: '' })));
  await Promise.all(servers.map((server) => server.close()));
  return servers.map(({ port }) => `${port}`);
}
