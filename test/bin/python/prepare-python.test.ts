import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MissingToolError } from '../../../bin/command.ts';
import { preparePython } from '../../../bin/python/prepare-python.ts';
import { runCommandWith } from '../../support/command.ts';

const root = mkdtempSync(join(tmpdir(), 'one-login-python-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Writes a program that acts as Python. `venv` is its script to make an environment. */
function writePython(version: string, venv: string) {
  const home = mkdtempSync(join(root, `python-`));
  const command = join(home, 'python');
  const script = `#!/bin/sh\nif [ "$2" = -c ]; then echo ${version}; exit; fi\n${venv}\n`;
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  return { command, directory: join(home, 'cache') };
}

/** A script that makes an environment, whose interpreter runs `pip` for every package. */
const buildVenv = (pip: string) =>
  `mkdir -p "$3/bin" && printf '#!/bin/sh\\n${pip}\\n' > "$3/bin/python" && chmod +x "$3/bin/python"`;

const progress = () => undefined;

describe('preparePython', () => {
  it('installs an environment once', async () => {
    const python = writePython('3.11.2', buildVenv('exit 0'));
    const said: string[] = [];
    const interpreter = await preparePython({ ...python, progress: (text) => said.push(text) });
    expect(existsSync(interpreter)).toBe(true);
    expect(said).toHaveLength(1);
    await expect(preparePython({ ...python, progress: (text) => said.push(text) })).resolves.toBe(
      interpreter,
    );
    expect(said).toHaveLength(1);
  });

  it('installs another environment for another Python', async () => {
    const first = writePython('3.11.2', buildVenv('exit 0'));
    const second = { ...writePython('3.13.1', buildVenv('exit 0')), directory: first.directory };
    await preparePython({ ...first, progress });
    await preparePython({ ...second, progress });
    expect(readdirSync(first.directory)).toHaveLength(2);
  });

  it.each([
    ['there is no Python', { command: '/nowhere/python3', directory: root }, 'Python is missing'],
    ['Python is too old', writePython('3.10.9', 'exit 1'), 'is 3.10.9, expected 3.11 or newer'],
    [
      'it has no venv',
      writePython('3.12.0', 'echo No module named venv >&2; exit 1'),
      'No module named venv',
    ],
    [
      'pip fails',
      writePython('3.12.0', buildVenv('echo no such version >\\&2; exit 1').replace('\\&', '&')),
      'no such version',
    ],
  ])('throws and leaves nothing behind if %s', async (_, python, message) => {
    const preparing = preparePython({ ...python, progress });
    await expect(preparing).rejects.toThrow(MissingToolError);
    await expect(preparing).rejects.toThrow(message);
    if (python.directory !== root && existsSync(python.directory)) {
      expect(readdirSync(python.directory)).toEqual([]);
    }
  });
});

describe('a command without Python', () => {
  it.each(['rehearse', 'check-template'])('exits with 3: %s', async (command) => {
    const { code, err } = await runCommandWith({ PATH: '/nowhere' }, command);
    expect(err).toBe('Python is missing: this needs python3, Python 3.11 or newer, with venv and pip\n');
    expect(code).toBe(3);
  });
});
