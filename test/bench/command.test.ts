import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../lib/package-root.ts';

const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(packageRoot, 'bench', 'bench.ts'), ...args]);

describe('npm run bench', () => {
  test('explains its options', async () => {
    const { stdout } = await bench('--help');
    for (const option of ['--only', '--json', '--write']) expect(stdout).toContain(`  ${option}`);
  });

  test.each([
    [['--only', 'cookie'], /there is no cookie\. There are the parts latency/],
    [['--write', '--only', 'callback'], /--write measures everything, without --only/],
    [['--fast'], /Unknown option '--fast'/],
  ])('refuses %j with the reason', async (args, reason) => {
    await expect(bench(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
  });

  test('only prints figures for programs on standard output', async () => {
    const { stdout } = await bench('--only', 'bundles', '--only', 'userinfo', '--json');
    const { machine, ...parts } = JSON.parse(stdout);
    expect(machine.node).toBe(process.version);
    expect(Object.keys(parts)).toEqual(['bundles']);
    expect(Object.keys(parts.bundles)).toEqual(['userinfo']);
  }, 60_000);
});
