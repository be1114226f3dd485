import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNetwork } from '../../../bin/doctor/transport.ts';
import { formatSmokeReport, remainsForPerson } from '../../../bin/smoke/report.ts';
import {
  type Account,
  examineAccount,
  requireIntegration,
  type Stage,
  type Step,
  smoke,
} from '../../../bin/smoke/smoke.ts';
import type { LocalEnvironment } from '../../../local/environment.ts';
import { standInProvider } from '../../../local/provider.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';
import { configFileWith, runCommandWith } from '../../support/command.ts';
import { startTestEnvironment } from '../../support/environment.ts';

const account = '111122223333';
const config = buildTestConfig('local');
const stack = `one-login-${config.name}`;

let environment: LocalEnvironment;
let deployed: typeof config;
const directory = mkdtempSync(join(tmpdir(), 'one-login-smoke-'));

beforeAll(async () => {
  environment = await startTestEnvironment({ config });
  const { publicUrl, standIn } = environment;
  deployed = { ...config, publicUrl, provider: standInProvider(Number(new URL(standIn?.url ?? '').port)) };
}, 60_000);

afterAll(async () => {
  await environment.close();
  rmSync(directory, { recursive: true });
});

const resources = [
  { logicalId: 'Kept', physicalId: 'kept-key', type: 'AWS::KMS::Key' },
  { logicalId: 'Gone', physicalId: 'gone-key', type: 'AWS::KMS::Key' },
  { logicalId: 'Table', physicalId: 'a-table', type: 'AWS::DynamoDB::Table' },
];

/** An account that has what was deployed, until it is destroyed. */
function createStage(changes: Partial<Stage> = {}, left: Partial<Account> = {}) {
  const commands: string[] = [];
  const steps: Step[] = [];
  let hasStack = false;
  const aws: Account = {
    readAccount: async () => account,
    hasStack: async (name) => name === 'CDKToolkit' || hasStack,
    listStackResources: async () => resources,
    readKeyState: async (id) => (id === 'kept-key' ? 'Enabled' : 'PendingDeletion'),
    hasTable: async () => false,
    listLogGroups: async () => [],
    ...left,
  };
  const stage: Stage = {
    directory,
    aws,
    transport: createNetwork(),
    synthesise: async (to) => {
      const template = { Resources: { Kept: { DeletionPolicy: 'Retain' }, Gone: {}, Table: {} } };
      writeFileSync(join(to, `${stack}.template.json`), JSON.stringify(template));
    },
    cdk: async ([name = '', ...args], signal) => {
      commands.push(name);
      hasStack = name === 'deploy';
      if (name !== 'deploy') return;
      const outputs = { [stack]: { PublicUrl: deployed.publicUrl } };
      writeFileSync(args[args.indexOf('--outputs-file') + 1] ?? '', JSON.stringify(outputs));
      signal.throwIfAborted();
    },
    now: () => 0,
    report: (step) => steps.push(step),
    signal: new AbortController().signal,
    ...changes,
  };
  return { stage, commands, steps };
}

const findProblems = (steps: readonly Step[]) => steps.flatMap(({ problems }) => problems);

describe('a smoke test', () => {
  it('deploys, examines, signs in as far as it goes without a browser, and destroys', async () => {
    const { stage, commands, steps } = createStage();

    expect(await smoke(deployed, stage)).toEqual(steps);
    expect(steps.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['synthesise', 'pass'],
      ['deploy', 'pass'],
      ['doctor', 'pass'],
      ['sign-in without a browser', 'pass'],
      ['destroy', 'pass'],
      ['what is left', 'pass'],
    ]);
    expect(steps.at(3)?.examined).toContainEqual(expect.stringMatching(/^pass registration: /));
    expect(steps.at(5)?.examined).toEqual([
      'AWS::KMS::Key kept-key is Enabled: the template keeps it',
      'AWS::KMS::Key gone-key is scheduled for deletion',
    ]);
    expect(commands).toEqual(['deploy', 'destroy']);
  });

  it('destroys what a failed deployment left', async () => {
    const { stage, steps } = createStage();
    const broken: Stage = {
      ...stage,
      cdk: async (args, signal) => {
        await stage.cdk(args, signal);
        if (args[0] === 'deploy') throw new Error('CREATE_FAILED');
      },
    };
    await smoke(deployed, broken);

    expect(steps.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['synthesise', 'pass'],
      ['deploy', 'fail'],
      ['destroy', 'pass'],
      ['what is left', 'pass'],
    ]);
    expect(findProblems(steps)).toEqual(['CREATE_FAILED']);
  });

  it('destroys also when it is interrupted', async () => {
    const { stage, commands, steps } = createStage({ signal: AbortSignal.abort() });
    await smoke(deployed, stage);

    expect(commands).toEqual(['deploy', 'destroy']);
    expect(findProblems(steps)).toEqual(['it was interrupted']);
  });

  it('destroys also when the resources cannot be listed', async () => {
    const listStackResources = () => Promise.reject(new Error('denied'));
    const { stage, commands, steps } = createStage({}, { listStackResources });
    await smoke(deployed, stage);

    expect(commands).toEqual(['deploy', 'destroy']);
    expect(findProblems(steps)).toEqual(['what the stack has could not be listed: denied']);
  });

  it.each<[string, Partial<Account>, string]>([
    ['a key', { readKeyState: async () => 'Enabled' }, 'AWS::KMS::Key gone-key is Enabled'],
    ['a table', { hasTable: async () => true }, 'AWS::DynamoDB::Table a-table is left'],
    [
      'a log group',
      { listLogGroups: async (prefix) => (prefix === stack ? ['a-group'] : []) },
      'the log group a-group is left',
    ],
    ['the stack', { hasStack: async () => true }, `the stack ${stack} still exists`],
  ])('fails when %s is left that the template does not keep', async (_, left, problem) => {
    const { stage, steps } = createStage({}, left);
    await smoke(deployed, stage);

    expect(findProblems(steps)).toEqual([problem]);
  });

  it('fails when the deployment does not respond', async () => {
    const transport: Stage['transport'] = {
      send: async ({ url }) => ({ url, failure: 'ECONNREFUSED' }),
      tls: async () => ({ acceptsOld: false, failure: 'ECONNREFUSED' }),
    };
    const { stage, steps } = createStage({ transport });
    await smoke(deployed, stage);

    expect(steps.filter(({ outcome }) => outcome === 'fail').map(({ name }) => name)).toEqual([
      'doctor',
      'sign-in without a browser',
    ]);
    expect(findProblems(steps)).toContain('/auth/login does not redirect with a request object');
  });

  it('fails when the callback does not recognise the attempt', async () => {
    const network = createNetwork();
    const transport: Stage['transport'] = {
      ...network,
      send: (probe) => network.send({ ...probe, headers: { ...probe.headers, Cookie: '' } }),
    };
    const { stage, steps } = createStage({ transport });
    await smoke(deployed, stage);

    expect(findProblems(steps)).toContainEqual(expect.stringMatching(/^\/auth\/callback returns \d+ to/));
  });

  it('writes a report with each step, its problems and what remains', async () => {
    const { stage } = createStage({}, { hasTable: async () => true });
    const steps = await smoke(deployed, stage);
    const report = formatSmokeReport({
      good: false,
      startedAt: '2026-11-28T12:00:00.000Z',
      version: '1.2.3',
      config: 'config/sandbox.json',
      account,
      region: 'eu-west-2',
      steps,
      remains: remainsForPerson,
    });

    expect(report).toMatch(/^# Smoke test: FAIL\n/);
    expect(report).toContain('| deploy | `cdk deploy` | 0 s | pass |');
    expect(report).toContain('- **FAIL** AWS::DynamoDB::Table a-table is left');
    expect(report).toContain(`- ${remainsForPerson[0]}`);
  });
});

describe('the account of a smoke test', () => {
  it('is accepted when it is bootstrapped and has no such stack', async () => {
    expect(await examineAccount(config, createStage().stage.aws)).toBe(account);
  });

  it.each<[string, Partial<typeof config>, Partial<Account>, string]>([
    ['is another', { account: '999999999999' }, {}, 'and the config is for 999999999999'],
    [
      'is not bootstrapped',
      {},
      { hasStack: async () => false },
      `run npx cdk bootstrap aws://${account}/eu-west-2`,
    ],
    ['has the stack already', {}, { hasStack: async () => true }, `has a stack ${stack} already`],
  ])('is refused when it %s', async (_, changes, aws, message) => {
    const { stage } = createStage({}, aws);
    await expect(examineAccount({ ...config, ...changes }, stage.aws)).rejects.toThrow(message);
  });
});

describe('one-login smoke', () => {
  it.each(['production', 'local'] as const)('refuses a config for %s', (environment) => {
    expect(() => requireIntegration({ environment })).toThrow(
      'Use a config with "environment": "integration"',
    );
  });

  it.each([
    ['a config for production', 'production.example', 'is not for a smoke test'],
    ['no credentials', 'integration.example', 'there are no AWS credentials for the sandbox account'],
  ])('exits with 2 for %s', async (_, base, message) => {
    const nothing = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const file = configFileWith({}, base);
    expect(await runCommandWith(nothing, 'smoke', '--config', file, '--yes')).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining(message),
    });
  });
});
