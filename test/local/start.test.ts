import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readLines } from '../../local/functions/sandbox.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { nodeVersionProblem } from '../../local/node-version.mjs';
import { readConfigFile } from '../infra/synthesise.ts';
import { savingTime } from '../support/command.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import { createLoopbackFetch } from '../support/loopback-fetch.ts';
import { chooseAtStandIn } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const script = ['bin/one-login.ts', 'local'];
const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = await temporaryDirectory();
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** Runs the command of `npm start` in a process with its own temporary directory. */
async function start(environment: Readonly<Record<string, string>>, command = [process.execPath, ...script]) {
  const TMPDIR = await mkdtemp(path.join(directory, 'tmp-'));
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...savingTime, PATH: String(process.env['PATH']), TMPDIR, ...environment },
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
  test('prints the ready line and, with --json, only JSON, and leaves nothing behind when it ends', async () => {
    const ports = await freePorts();
    const { child, exit, errors, lines, ready, leftBehind } = await start(
      { ...ports, CLIENT_ID: 'my-client' },
      [process.execPath, ...script, '--json'],
    );
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

  test('runs the config of a deployment, names every address, and takes over a change of the config', async () => {
    const { PORT, ONE_LOGIN_PORT } = await freePorts();
    const file = path.join(directory, 'production.json');
    const config = JSON.stringify(readConfigFile('production.example'));
    await writeFile(file, config);
    const service = createServer((_request, response) => response.end('your own service')).listen(
      0,
      '127.0.0.1',
    );
    await once(service, 'listening');
    const own = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const publicUrl = `http://orders.localhost:${PORT}`;
    const options = ['--config', file, '--port', PORT, '--public-url', publicUrl, '--service', own];
    const running = await start({ ONE_LOGIN_PORT }, [process.execPath, ...script, ...options]);
    await running.ready;
    const browser = new WebBrowser(new CookieJar(), createLoopbackFetch());
    const page = await chooseAtStandIn(
      browser,
      await browser.open(`${publicUrl}/auth/login?return_to=/orders`),
    );
    expect([page.url.href, page.body]).toEqual([`${publicUrl}/orders`, 'your own service']);
    await until('the log has the callback', () =>
      running.lines.some((line) => /GET {2}\/auth\/callback {2}303/.test(line)),
    );
    const text = running.lines.join('\n');
    expect(text).toContain(`\nready ${publicUrl}/\n`);
    for (const address of [own, '/auth/login', `http://localhost:${ONE_LOGIN_PORT}/control`, 'Ctrl-C']) {
      expect(text).toContain(address);
    }

    await writeFile(file, config.replaceAll('Apply for a licence', 'Apply for a permit'));
    const readMessage = async () => (await browser.open(`${publicUrl}/auth/callback`)).body;
    while (!(await readMessage()).includes('Apply for a permit')) await setTimeout(50);
    expect((await browser.open(`${publicUrl}/auth/userinfo`)).status).toBe(200);
    running.child.kill('SIGINT');
    service.close();
    expect(await running.exit).toBe(0);
    expect(await running.leftBehind()).toEqual([]);
  }, 60_000);

  test('looks at both ports before anything else', async () => {
    const { PORT } = await freePorts();
    const taken = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    const command = [process.execPath, ...script, '--config', 'missing.json'];
    const { exit, errors, leftBehind } = await start({ PORT, ONE_LOGIN_PORT: String(taken.port) }, command);
    expect(await exit).toBe(2);
    await taken.close();
    expect(await errors).toBe(
      `ONE_LOGIN_PORT: something else is listening on port ${taken.port}; end it or choose another port with --one-login-port or ONE_LOGIN_PORT\n`,
    );
    expect(await leftBehind()).toEqual([]);
  });

  test('prints every mistake in a config', async () => {
    const file = path.join(directory, 'mistakes.json');
    await writeFile(
      file,
      JSON.stringify({ ...readConfigFile('local'), scopes: ['email'], region: 'London' }),
    );
    const { exit, errors } = await start(await freePorts(), [process.execPath, ...script, '--config', file]);
    expect(await exit).toBe(2);
    expect(await errors).toMatch(/has 2 mistakes:\n {2}- .*\n {2}- .*\n$/);
  });

  test('leaves nothing behind when it ends during its start', async () => {
    const { child, exit, errors, leftBehind } = await start(await freePorts());
    while ((await leftBehind()).length === 0) await setTimeout(20);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(await errors).toBe('');
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('ends when the shell of npm ends without a signal', async () => {
    const shell = ['/bin/sh', '-c', `"${process.execPath}" ${script.join(' ')}; exit`];
    const environment = { ...(await freePorts()), npm_lifecycle_event: 'start' };
    const { child, exit, leftBehind } = await start(environment, shell);
    while ((await leftBehind()).length === 0) await setTimeout(20);
    child.kill('SIGTERM');
    // The streams close when the last process that has them ends.
    await exit;
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('names a value that is not valid in one line', async () => {
    const { exit, errors, lines } = await start({ PORT: 'eighty' });
    expect(await exit).toBe(2);
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
