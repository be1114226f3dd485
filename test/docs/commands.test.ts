import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { savingTime } from '../support/command.ts';

/** Every command of the documents that a reader can type, with its page. */
const commands = globSync(['*.md', 'docs/**/*.md'])
  .sort()
  .flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
      block
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .filter((line) => !/^\s*(#|$)/.test(line))
        .map((line) => ({ page, command: line.trim() })),
    ),
  );

/** Where a command runs: in this test, in another test, or in none, because it needs what a test does not have. */
type Coverage = 'this test' | { readonly test: string } | { readonly needs: string };

const tutorial = { test: 'test/package/package.test.ts' };
const account = { needs: 'an AWS account with a deployment' };

const coverage: readonly (readonly [RegExp, Coverage])[] = [
  [/^npm ci$|^npm ci && npm (start|test)$|^npm run (check:template|rehearse)/, { test: '.ci/run' }],
  [/^npm run load$/, { test: 'test/dev/load/command.test.ts' }],
  [/^npm run scale$/, { test: 'test/dev/scale/rotation.test.ts' }],
  [/^npm run bench -- /, { test: 'test/bench/bench.test.ts' }],
  [/^npm run game-day$/, { test: 'test/dev/game-day/incidents.test.ts' }],
  [/^npm start$/, { test: 'test/local/start.test.ts' }],
  [/^ONE_LOGIN_URL=\S+ npm start$/, { test: 'test/simulator/simulator.test.ts' }],
  [/^node -e 'console.log\(require\("crypto"\)/, { test: 'test/docs/audit-trail.test.ts' }],
  [/^node -p '/, { test: 'test/docs/move-a-live-service.test.ts' }],
  [/^npm version minor$/, { needs: 'a maintainer, since it commits and tags' }],
  [
    /^npm init -y$|^npm install(?! git| one-)|^node service.mjs$|^npx (?:--no )?one-login (init|local)|^npx cdk synth/,
    tutorial,
  ],
  [/^python3 -m venv|^\.venv\/|^mvn |^java -jar|^go run/, { test: 'test/starters/starters.test.ts' }],
  [/^PORT=\S+ npx one-login local --public-url/, { test: 'test/local/start.test.ts' }],
  [
    /^npm install git\+https:|^npm (publish|install) .*--registry /,
    { needs: "your department's repository or registry" },
  ],
  [/^npx cdk (bootstrap|deploy|diff|destroy)|^aws |^queue=/, account],
  [/^(npm run|npx one-login) (doctor|keys|revoke)\b.*production|^(npm run|npx one-login) doctor\b/, account],
  [/^npm run smoke\b/, account],
  [/^docker run|^V=/, { needs: 'Docker' }],
  [/^curl -sSi https:/, { needs: 'your own host' }],
  [/^curl .*http:\/\/localhost:8080/, { test: 'test/flow/authorizer.test.ts' }],
  [/^curl .*http:\/\/localhost:3000/, { test: 'test/stand-in/documentation.test.ts' }],
  [/^cp config\/integration.example.json /, { test: 'test/lib/config/validate-config.test.ts' }],
  [/^npm run (cost|register)|^npx one-login check/, 'this test'],
];

const findCoverage = (command: string) => coverage.find(([pattern]) => pattern.test(command))?.[1];

describe('the documents', () => {
  it('contain no command that no test runs and that needs nothing special', () => {
    expect(commands.filter(({ command }) => findCoverage(command) === undefined)).toEqual([]);
    expect(coverage.filter(([pattern]) => !commands.some(({ command }) => pattern.test(command)))).toEqual(
      [],
    );
    for (const [, covered] of coverage) {
      if (typeof covered === 'object' && 'test' in covered) expect(existsSync(covered.test)).toBe(true);
    }
  });
});

describe('a command of the documents', () => {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-documents-'));
  beforeAll(() => {
    cpSync('config', join(directory, 'config'), { recursive: true });
    for (const name of ['integration', 'production']) {
      cpSync(`config/${name}.example.json`, join(directory, `config/${name}.json`));
    }
    cpSync('bin/cost/prices.json', join(directory, 'prices-of-july.json'));
    writeFileSync(join(directory, 'draft.json'), '{}');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const ours = [...new Map(commands.map((each) => [each.command, each])).values()].filter(
    ({ command }) => findCoverage(command) === 'this test',
  );

  it.each(ours)('of $page works: $command', async ({ command }) => {
    const [, words = ''] = /^(?:npm run|npx one-login) (.*)$/.exec(command) ?? [];
    const args = words.split(' ').filter((word) => word !== '--');
    rmSync(join(directory, 'filled.json'), { force: true });
    // What the draft here lacks, One Login has to add.
    const expected = args.includes('--draft') ? 1 : 0;
    expect(await runIn(directory, args)).toEqual({ code: expected, err: '' });
  });

  it.each(globSync(['*.md', 'docs/**/*.md']))('that %s mentions exists', (page) => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const program = readFileSync('bin/commands.ts', 'utf8');
    const text = readFileSync(page, 'utf8');
    const mentioned = [...text.matchAll(/`npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(mentioned.filter((name) => !(name in scripts))).toEqual([]);
    const named = [...text.matchAll(/`(?:npx (?:--no )?)?one-login ([a-z]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !program.includes(`  ${name}: {`))).toEqual([]);
  });
});

function runIn(cwd: string, args: readonly string[]): Promise<{ code: number; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [`${process.cwd()}/bin/one-login.ts`, ...args],
      { cwd, env: savingTime },
      (error, _, err) => resolve({ code: error === null ? 0 : Number(error.code), err }),
    );
  });
}
