import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readLines } from '../../local/functions/sandbox.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { nodeVersionProblem } from '../../local/node-version.mjs';
import { temporaryDirectory } from './support/temporary-directory.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = await temporaryDirectory();
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** Runs the command of `npm start` in a process with its own temporary directory. */
async function start(
  environment: Readonly<Record<string, string>>,
  command = [process.execPath, 'local/start.ts'],
) {
  const TMPDIR = await mkdtemp(path.join(directory, 'tmp-'));
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: String(process.env['PATH']), TMPDIR, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exit = once(child, 'close').then(([status]) => Number(status));
  const errors = text(child.stderr);
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  readLines(child.stdout, (line) => {
    lines.push(line);
    if (line.startsWith('ready ')) ready.resolve();
  });
  return { child, exit, errors, lines, ready: ready.promise, leftBehind: () => readdir(TMPDIR) };
}

async function freePorts() {
  const servers = await Promise.all([1, 2].map(() => listenOnLocalhost(() => {}, { port: 0, portName: '' })));
  await Promise.all(servers.map((server) => server.close()));
  const [PORT, ONE_LOGIN_PORT] = servers.map(({ port }) => String(port));
  return { PORT: String(PORT), ONE_LOGIN_PORT: String(ONE_LOGIN_PORT) };
}

describe('npm start', () => {
  test('prints the ready line, writes logs as JSON, and leaves nothing behind when it ends', async () => {
    const ports = await freePorts();
    const { child, exit, errors, lines, ready, leftBehind } = await start({
      ...ports,
      CLIENT_ID: 'my-client',
    });
    await ready;
    const response = await fetch(`http://localhost:${ports.PORT}/auth/login`, { redirect: 'manual' });
    const location = new URL(String(response.headers.get('location')));
    expect(location.origin).toBe(`http://localhost:${ports.ONE_LOGIN_PORT}`);
    expect(location.searchParams.get('client_id')).toBe('my-client');
    // A signal from a terminal comes twice, once from npm.
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(await errors).toBe('');
    expect(lines).toContain(`ready http://localhost:${ports.PORT}/`);
    const others = lines.filter((line) => !line.startsWith('ready '));
    expect(others.map((line) => typeof JSON.parse(line))).toEqual(others.map(() => 'object'));
    expect(await leftBehind()).toEqual([]);
    await expect(fetch(`http://localhost:${ports.PORT}/`)).rejects.toThrow();
    await expect(fetch(`http://localhost:${ports.ONE_LOGIN_PORT}/`)).rejects.toThrow();
  }, 60_000);

  test('leaves nothing behind when it ends during its start', async () => {
    const { child, exit, errors, leftBehind } = await start(await freePorts());
    while ((await leftBehind()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(await errors).toBe('');
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('ends when the shell of npm ends without a signal', async () => {
    const shell = ['/bin/sh', '-c', `"${process.execPath}" local/start.ts; exit`];
    const environment = { ...(await freePorts()), npm_lifecycle_event: 'start' };
    const { child, exit, leftBehind } = await start(environment, shell);
    while ((await leftBehind()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    // The streams close when the last process that has them ends.
    await exit;
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('names a value that is not valid in one line', async () => {
    const { exit, errors, lines } = await start({ PORT: 'eighty' });
    expect(await exit).toBe(1);
    expect(await errors).toBe('PORT must be a whole number from 1 to 65535, not "eighty"\n');
    expect(lines).toEqual([]);
  });

  test('explains in one line what to do about a Node that is too old', () => {
    expect(nodeVersionProblem('24.0.0')).toBeUndefined();
    expect(nodeVersionProblem('25.1.0')).toBeUndefined();
    expect(nodeVersionProblem('23.11.1')).toMatch(
      /^Node 23\.11\.1 is too old: this needs Node 24, .*npm ci.*$/,
    );
  });
});
