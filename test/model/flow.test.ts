import { describe, expect, test } from '@jest/globals';
import { Code } from './code.ts';
import { beginning, explore } from './explore.ts';
import { model } from './model.ts';
import { scenarios } from './scenarios.ts';

const taken = new Set<string>();

describe('The sign-in flow', () => {
  test.each(scenarios)(
    'keeps every invariant in every order of steps and failures: $name',
    async (scenario) => {
      const code = await Code.create(beginning);
      const { responses, steps, ...counts } = await explore(code, scenario);
      for (const step of steps) taken.add(step);
      expect([...responses]).toEqual(expect.arrayContaining([...scenario.reaches]));
      // Shows how much was explored.
      if (process.env['MODEL_COUNTS']) {
        process.stderr.write(`${scenario.name}: ${Object.values(counts).join(' ')}, runs ${code.runs}\n`);
      }
    },
  );

  test('takes exactly the steps of the model, over all scenarios', () => {
    const modelled = Object.entries(model).flatMap(([route, states]) =>
      Object.entries(states).flatMap(([state, next]) => next.map((one) => `${route}: ${state} -> ${one}`)),
    );
    expect([...taken].sort()).toEqual(modelled.sort());
  });
});
