import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { chooseAtStandIn } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';

/** Follows docs/connect.md, in an empty folder that has the tarball of the package. */
export async function followTutorial(directory: string, tarball: string, path: string): Promise<void> {
  const guide = readFileSync('docs/connect.md', 'utf8');
  const [service, publicPort, oneLogin] = await Promise.all([findPort(), findPort(), findPort()]);
  const env = {
    ...process.env,
    PATH: path,
    PORT: `${publicPort}`,
    ONE_LOGIN_PORT: `${oneLogin}`,
    NODE_OPTIONS: '',
  };
  const adapt = (text: string) =>
    text
      .replaceAll('localhost:8080', `localhost:${publicPort}`)
      .replaceAll('5000', `${service}`)
      .replaceAll(/\.\/one-login-lambda-\S+\.tgz/g, tarball);
  const commands = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    adapt(block).trim().split('\n'),
  );
  const run = (command: string) =>
    execFileSync(command, {
      cwd: directory,
      env,
      shell: true,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const take = (start: string) => {
    const index = commands.findIndex((command) => command.startsWith(start));
    const [command] = commands.splice(index, index < 0 ? 0 : 1);
    if (command === undefined) throw new Error(`docs/connect.md has no further command ${start}`);
    return command;
  };

  run(take('npm init'));
  run(take('npm install'));
  writeFileSync(join(directory, 'service.mjs'), adapt(/^```js\n(.*?)^```$/ms.exec(guide)?.[1] ?? ''));
  const ends: (() => Promise<void>)[] = [];
  const start = async (command: string, ready: string) => {
    const [program = '', ...args] = command.split(' ');
    const child = spawn(program, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data;
      });
    }
    const exited = once(child, 'exit');
    const end = async () => {
      child.kill();
      await exited;
    };
    ends.push(end);
    await Promise.race([
      until(`${command} prints ${ready}`, () => output.includes(ready)),
      exited.then(() => Promise.reject(new Error(`${command} ended: ${output}`))),
    ]);
    return {
      end,
      hasPrinted: (text: string) => until(`${command} prints ${text}`, () => output.includes(text)),
    };
  };

  try {
    await start(take('node service.mjs'), '');
    const origin = `http://localhost:${publicPort}`;
    const first = await start(take('npx one-login local --service'), `ready ${origin}/`);
    const browser = new WebBrowser();
    const signIn = async (page: string) =>
      (await chooseAtStandIn(browser, await browser.open(`${origin}${page}`))).body;
    expect(await signIn('/account')).toMatch(/^You are \S+@\S+$/);
    expect(await signIn('/permit')).toMatch(/^You are \w+ \w+/);
    const home = await browser.open(`${origin}/`);
    await browser.goFrom(home, `${origin}/auth/logout`);
    expect((await browser.open(`${origin}/auth/userinfo`)).status).toBe(401);
    await first.end();

    const written = run(take('npx one-login init'));
    for (const [install] of written.matchAll(/npm install (?:--save-dev )?".*/g)) run(install);
    run(take('npx one-login check'));
    const second = await start(take('npx one-login local --config'), `ready ${origin}/`);
    expect(await signIn('/account')).toMatch(/^You are/);
    const config = join(directory, 'config/integration.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('Apply for a licence', 'Another name'));
    await second.hasPrinted('The new config runs.');
    expect((await browser.open(`${origin}/auth/logout?ask=1`)).body).toContain('Another name');
    expect((await browser.open(`${origin}/account`)).body).toMatch(/^You are/);
    expect(run(take('npx cdk synth'))).toContain('AWS::ApiGateway::RestApi');
    expect(commands).toEqual([]);
  } finally {
    for (const end of ends) await end();
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = Object(server.address());
  server.close();
  await once(server, 'close');
  return port;
}
