import { describe, expect, test } from '@jest/globals';
import { Code } from './code.ts';
import { beginning, explore } from './explore.ts';
import { scenarios } from './scenarios.ts';

describe('The sign-in flow', () => {
  test.each(scenarios)(
    'keeps every invariant in every order of steps and failures: $name',
    async (scenario) => {
      const code = await Code.create(beginning);
      const { responses, ...counts } = await explore(code, scenario);
      expect([...responses]).toEqual(expect.arrayContaining([...scenario.reaches]));
      // Shows how much was explored.
      if (process.env['MODEL_COUNTS']) {
        process.stderr.write(`${scenario.name}: ${Object.values(counts).join(' ')}, runs ${code.runs}\n`);
      }
    },
  );
});
