import { execFile } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runTarget } from '../../../dev/fuzz/run-targets.ts';
import { targets } from '../../../dev/fuzz/targets.ts';

describe('a hostile input', () => {
  // id: fuzz-short-run
  test.each(targets.map((target) => [target.about, target] as const))(
    'of the short run breaks nothing: %s',
    async (_, target) => {
      const { inputs, failure } = await runTarget(target, { seed: 20261128, inputs: target.share * 5 });
      expect(failure).toBeUndefined();
      expect(inputs).toBe(target.share * 5);
    },
  );
});

describe('the targets of npm run fuzz', () => {
  test('have names of their own and shares of a hundred', () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
    expect(targets.reduce((sum, { share }) => sum + share, 0)).toBe(100);
  });
});

describe('a target that fails', () => {
  const broken = {
    name: 'broken',
    about: 'texts',
    share: 1,
    inputs: fc.string({ maxLength: 40 }),
    examine: async (text: string) => {
      if (text.includes('!')) throw new Error('an exclamation mark');
    },
  };

  test('gives the shrunk input, why, and the command that repeats it', async () => {
    const { failure, inputs } = await runTarget(broken, { seed: 1, inputs: 1000 });
    expect(failure).toMatch(/^broken: Error: an exclamation mark\n/);
    expect(failure).toContain('\nshrunk input: "!"\n');
    expect(failure).toMatch(
      new RegExp(`\nto repeat: npm run fuzz -- --only broken --seed 1 --runs ${inputs}$`),
    );
    const again = await runTarget(broken, { seed: 1, inputs });
    expect(again.failure?.split('\n').slice(-2)).toEqual(failure?.split('\n').slice(-2));
  });

  test('fails for an input that takes the processor too long', async () => {
    const slow = { ...broken, examine: async () => void Array.from({ length: 1e6 }, String) };
    expect((await runTarget(slow, { seed: 1, inputs: 10, mostMilliseconds: 0.01 })).failure).toContain(
      'ms of the processor',
    );
  });
});

describe('npm run fuzz', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['an unknown target', ['--only', 'nothing'], /There is no target nothing; there are routes, /],
    ['a malformed seed', ['--seed', 'x'], /Allowed: a whole number, 0 to 999999999/],
    ['no run', ['--runs', '0'], /Allowed: a whole number, 1 to 999999999/],
  ])('refuses %s with what is allowed', async (_, args, message) => {
    const { code, err } = await runFuzz(args);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });

  test('prints its seed and how many inputs it has tried', async () => {
    const { code, out } = await runFuzz(['--only', 'discovery', '--seed', '7', '--runs', '20']);
    expect(out).toMatch(
      /^seed 7\ndiscovery +20 inputs .*\n20 inputs in \d+ seconds, \d+ a second; targets that failed: 0\n$/,
    );
    expect(code).toBe(0);
  });
});

function runFuzz(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dev/fuzz.ts', ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
