import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { formatReport } from '../../../dev/mutate/format-report.ts';
import { instrumentSources, type Mutant } from '../../../dev/mutate/instrument.ts';
import { judgeResults } from '../../../dev/mutate/judge.ts';
import { type Result, runMutants, type Status } from '../../../dev/mutate/run-mutants.ts';
import { runScript } from '../../support/command.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const fixture = fileURLToPath(new URL('./fixture', import.meta.url));

describe('a mutant', () => {
  let results: readonly Result[];
  beforeAll(async () => {
    const instrumented = await instrumentSources(fixture, ['source.ts']);
    const tests = ['source.tests.ts', 'loading.tests.ts'];
    results = await runMutants({ root: fixture, instrumented, tests, workers: 1 });
  });

  test.each<[Status, string, string, string]>([
    ['killed', 'makes a test fail', 'age >= 18', 'age > 18'],
    ['killed', 'works while modules are loaded', '6 * 3', '6 / 3'],
    ['killed', 'makes a test fail that keeps a result of the module for later', 'a + b', 'a - b'],
    ['killed', 'works in a test, and also while modules are loaded', 'value * 2', 'value / 2'],
    ['killed', 'makes a test fail that leaves a spy behind', 'text.length > 3', 'true'],
    ['killed', 'makes a promise reject without a handler', 'wanted', 'true'],
    ['timed out', 'makes a loop endless', 'count += 1', 'count -= 1'],
    ['timed out', 'makes a test wait for ever', 'isReady', 'false'],
    ['survived', 'makes no test fail', 'isReady', 'true'],
    ['survived', 'makes no test fail, though one took too long the first time', 'seconds > 60', 'true'],
    [
      'survived',
      'makes no test fail, though the ones before it left their state behind',
      'age < 200',
      'true',
    ],
    ['not covered', 'is in code that no test runs', '1 - 1', '1 + 1'],
  ])('is %s if it %s', (status, _, before, after) => {
    expect(results.find(({ mutant }) => mutant.before === before && mutant.after === after)).toMatchObject({
      status,
    });
  });

  test('that was killed names the test', () => {
    const killed = results.find(({ mutant }) => mutant.after === 'age > 18');
    expect(killed?.by).toBe('source.tests.ts: isAdult › of 18 is true');
  });
});

describe('the tests beside a source', () => {
  test('notice a sample of its mutants', async () => {
    const sources = [
      'adapters/aws/signature',
      'authorizer/context',
      'core/flow/return-to',
      'core/one-login/verifiable-credential',
      'core/one-login/token-response',
      'http/request-id',
      'telemetry/observers',
    ];
    const instrumented = await instrumentSources(
      project,
      sources.map((source) => `lambdas/${source}.ts`),
    );
    const tests = sources.map((source) => `test/lambdas/${source}.test.ts`);
    const mutants = chooseMutants(instrumented.mutants, 60);
    const results = await runMutants({ root: project, instrumented, tests, mutants, workers: 2 });
    expect(results).toHaveLength(60);
    const explained = JSON.parse(readFileSync(join(project, 'dev/mutate/explained.json'), 'utf8'));
    expect(judgeResults(results, explained).unexplained).toEqual([]);
  });
});

/** The same mutants in each run, and nearly the same after a change of the sources. */
function chooseMutants(mutants: readonly Mutant[], count: number): readonly Mutant[] {
  const rank = ({ file, before, after }: Mutant): string =>
    createHash('sha256')
      .update(JSON.stringify(['seed 3', file, before, after]))
      .digest('hex');
  return mutants
    .filter(({ mutator }) => mutator !== 'StringLiteral')
    .sort((a, b) => rank(a).localeCompare(rank(b)))
    .slice(0, count);
}

describe('the parts of Jest that tests use', () => {
  test('are all there when a mutant runs', async () => {
    const { jest } = await import('../../../dev/mutate/jest-globals.ts');
    const tests = ['lambdas', 'contract', 'support'].flatMap((folder) =>
      globSync(`test/${folder}/**/*.ts`, { cwd: project }),
    );
    const used = tests.flatMap((file) =>
      [...readFileSync(join(project, file), 'utf8').matchAll(/\bjest\.(\w+)\(/g)].map(([, name]) => name),
    );
    expect(Object.keys(jest)).toEqual(expect.arrayContaining([...new Set(used)]));
  });
});

describe('the verdict', () => {
  const mutant = {
    id: '1',
    file: 'lambdas/http/a.ts',
    line: 3,
    column: 5,
    mutator: 'ConditionalExpression',
    before: 'a > b',
    after: 'true',
  };
  const string = { ...mutant, mutator: 'StringLiteral', before: "'a'", after: '""' };
  const many = (count: number, status: Status, of: Mutant = mutant): Result[] =>
    Array.from({ length: count }, () => ({ mutant: of, status }));
  const reason = {
    file: mutant.file,
    before: mutant.before,
    after: mutant.after,
    reason: 'both are the same',
  };

  test.each<[string, readonly Result[], readonly (typeof reason)[], boolean]>([
    [
      'is good if the goal is reached and survivors have a reason',
      [...many(97, 'killed'), ...many(3, 'survived')],
      [reason],
      true,
    ],
    ['counts what is timed out as found', [...many(97, 'timed out'), ...many(3, 'survived')], [reason], true],
    ['is bad below the goal', [...many(96, 'killed'), ...many(4, 'not covered')], [reason], false],
    ['is bad if a survivor has no reason', [...many(99, 'killed'), ...many(1, 'survived')], [], false],
    ['is bad if a reason has no survivor', many(100, 'killed'), [reason], false],
    ['leaves strings out', [...many(1, 'killed'), ...many(1, 'survived', string)], [], true],
    [
      'is by folder',
      [...many(99, 'killed', { ...mutant, file: 'lambdas/core/a.ts' }), ...many(1, 'survived')],
      [reason],
      false,
    ],
  ])('%s', (_, results, reasons, good) => {
    expect(judgeResults(results, reasons).good).toBe(good);
  });

  test.each([
    ['lambdas/core/urls.ts', 'lambdas/core'],
    ['lambdas/core/one-login/jwks.ts', 'lambdas/core/one-login'],
    ['lambdas/adapters/aws/crc32.ts', 'lambdas/adapters'],
  ])('counts %s to %s', (file, folder) => {
    expect(judgeResults(many(1, 'killed', { ...mutant, file }), []).folders).toMatchObject([
      { name: folder },
    ]);
  });

  test('is printed with a row for each folder, then the survivors and reasons that remain', () => {
    const results = [
      ...many(1, 'killed'),
      ...many(1, 'timed out'),
      ...many(1, 'survived'),
      ...many(1, 'not covered', string),
    ];
    const report = formatReport(judgeResults(results, [{ ...reason, before: 'b > a' }]));
    expect(report).toContain(
      '\nlambdas/http                4       1          1         1            1          0   50.0               66.7\n',
    );
    expect(report).toContain(`Survivors without a reason: 2
lambdas/http/a.ts:3:5 ConditionalExpression
  a > b  →  true
lambdas/http/a.ts:3:5 StringLiteral, not covered
  'a'  →  ""`);
    expect(report).toContain(`what does not survive: 1
lambdas/http/a.ts
  b > a  →  true`);
    expect(report).toMatch(/\nnot good: /);
  });
});

describe('npm run mutate', () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      'a folder that it does not change',
      ['--only', 'login'],
      /Allowed: a folder or a file of lambdas\/core, /,
    ],
    ['too many workers', ['--workers', '9'], /Allowed: a whole number, 1 to 8/],
  ])('refuses %s with what is allowed', async (_, args, message) => {
    const { code, err } = await runScript({}, 'dev/mutate.ts', ...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
