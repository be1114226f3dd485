import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { findNodeProblem } from '../../bin/command.ts';
import { configFileWith, runScript, savingTime } from '../support/command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version, scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const config = configFileWith({ publicUrl: 'https://service.example/auth', environment: 'local' });

const yellow = '\u001b[33m';
const ordinary = '\u001b[39m';

/** Runs `one-login` with nothing in its environment but `env`. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runScript(env, 'bin/one-login.ts', ...args);
}

/** Reads the names of all commands from the help. */
async function listCommands(): Promise<readonly string[]> {
  const { out } = await run(['--help']);
  return [...out.matchAll(/^ {2}([a-z]+) \[/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
}

describe('one-login', () => {
  it('has an example, the exit codes and the version in the help of every command', async () => {
    for (const name of await listCommands()) {
      const help = await run([name, '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toMatch(new RegExp(`^Example:\n {2}\\$ one-login ${name}( |$)`, 'm'));
      expect(help.out).toContain('Exit codes:\n  0  good\n  1  something is wrong\n');
    }
    expect(await run(['doctor', '--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('has a script of npm for every command, except for those with another meaning in a clone', async () => {
    const commands = (await listCommands()).filter(
      (name) => !['check', 'synth', 'init', 'local'].includes(name),
    );

    for (const name of commands) expect(scripts[name]).toBe(`node bin/one-login.ts ${name}`);
  });

  it.each([
    [['docter'], "unknown command 'docter'\n(Did you mean doctor?)"],
    [[], 'Usage: one-login'],
    [['doctor', '--config', config, '--jsno'], "unknown option '--jsno'\n(Did you mean --json?)"],
    [['doctor', '--config', config, 'more'], 'too many arguments'],
    [['doctor'], "required option '--config <file>' not specified"],
    [['doctor', '--config'], "option '--config <file>' argument missing"],
    [['doctor', '--config', config, '--config', config], 'It is given more than once.'],
    [['doctor', '--config', 'none.json'], 'none.json has a mistake'],
    [['rehearse', '--config', 'none.json'], 'none.json has a mistake'],
  ])('refuses %j and exits with 2', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  it('names the command of an unexpected error, and keeps its stack', async () => {
    const script = `import { Command } from 'commander';
      import { runProgram } from './bin/command.ts';
      const broken = new Command('broken').action(() => undefined.field);
      await runProgram(new Command('one-login').addCommand(broken));`;
    const args = ['--input-type=module', '--eval', script, '--', 'broken'];
    const { code, err } = await new Promise<{ code: unknown; err: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: root, env: savingTime }, (error, _, err) =>
        resolve({ code: error?.code, err }),
      );
    });

    expect(err).toMatch(/^one-login broken: unexpected error: TypeError: .*\n {4}at /);
    expect(code).toBe(2);
  });

  it('ends quietly with 0 if its output is closed', async () => {
    const script = `${process.execPath} bin/one-login.ts register --config '${config}' || echo "code $?" >&2`;
    const { stderr } = await promisify(execFile)('sh', ['-c', `(sleep 0; ${script}) | true`], { cwd: root });

    expect(stderr).toBe('');
  });

  it('has colours only on a terminal or if they are requested, and not with NO_COLOR', async () => {
    const args = ['check', '--config', `${root}config/local.json`];
    const [plain, coloured, without] = [
      await run(args),
      await run(args, { FORCE_COLOR: '1' }),
      await run(args, { FORCE_COLOR: '0', NO_COLOR: '1' }),
    ];

    expect(plain.out).toMatch(/^pass {2}.*\nwarn {2}/);
    expect(coloured.out).toContain(`\n${yellow}warn${ordinary}  `);
    expect(without.out).toBe(plain.out);
  });

  it('finds files from where npm was started', async () => {
    const env = { INIT_CWD: `${root}config` };
    const { code, out } = await run(['register', '--config', 'integration.example.json'], env);

    expect([code, out]).toEqual([0, expect.stringContaining('exampleIntegrationClientId00')]);
  });
});

describe('findNodeProblem', () => {
  it.each(['22.18.0', '22.23.3', '24.0.0', '26.1.0'])('accepts Node %s', (version) => {
    expect(findNodeProblem(version)).toBeUndefined();
  });

  it.each(['18.20.0', '20.20.2', '22.17.1'])('names what to install in place of Node %s', (version) => {
    expect(findNodeProblem(version)).toContain(`Node ${version} is too old: one-login needs Node 22.18`);
  });
});
