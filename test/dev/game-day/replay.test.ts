import { describe, expect, it } from '@jest/globals';
import type { AlarmHistory } from '../../../dev/game-day/cloudwatch/run-alarms.ts';
import { readDeployment } from '../../../dev/game-day/deployment.ts';
import type { Change } from '../../../dev/game-day/incident.ts';
import { readRecordings } from '../../../dev/game-day/recording.ts';
import { beginning, Replayer } from '../../../dev/game-day/replay.ts';

type Dimensions = Readonly<Record<string, string>>;

/** A deployment with one alarm for each metric, which is in ALARM in each minute with a sum that is not 0. */
const metrics: Readonly<Record<string, readonly [string, string, Dimensions]>> = {
  started: ['OneLogin', 'started', { deployment: 'test' }],
  identities: ['OneLogin', 'started', { deployment: 'test', purpose: 'prove-identity' }],
  failed: ['OneLogin', 'sign_in_failed', { deployment: 'test' }],
  canary: ['OneLogin', 'canary_failed', { deployment: 'test' }],
  'canary-login': ['OneLogin', 'canary_step_failed', { deployment: 'test', step: 'login' }],
  'canary-keys': ['OneLogin', 'canary_step_failed', { deployment: 'test', step: 'jwks_in_time' }],
  'refresh-failed': ['OneLogin', 'refresh_failed', { deployment: 'test', document: 'jwks' }],
  throttles: ['AWS/Lambda', 'Throttles', { FunctionName: 'Login' }],
  errors: ['AWS/Lambda', 'Errors', { FunctionName: 'Login' }],
  invocations: ['AWS/Lambda', 'Invocations', { FunctionName: 'Login' }],
  collected: ['AWS/Lambda', 'Invocations', { FunctionName: 'Collector' }],
  '4xx': ['AWS/ApiGateway', '4XXError', { ApiName: 'api', Stage: 'live' }],
  '5xx': ['AWS/ApiGateway', '5XXError', { ApiName: 'api', Stage: 'live' }],
  requests: ['AWS/ApiGateway', 'Count', { ApiName: 'api', Stage: 'live' }],
};

const named = (name: string) => ({ Type: 'AWS::Lambda::Function', Metadata: { 'one-login:function': name } });

const deployment = readDeployment(
  {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Login: named('login'),
    Collector: named('collect-audit'),
    ...Object.fromEntries(
      Object.entries(metrics).map(([name, [Namespace, MetricName, dimensions]]) => [
        name,
        {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            AlarmName: `test.${name}`,
            Namespace,
            MetricName,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            Statistic: 'Sum',
            Period: 3_600,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          },
        },
      ]),
    ),
  },
  'test',
);
const replayer = new Replayer(deployment, readRecordings(), 1);

/** @returns the metrics that are not 0 in the fifth hour of an incident: until then the alarms remember what was before */
function replay(...changes: readonly Change[]): readonly string[] {
  const histories: readonly AlarmHistory[] = replayer.replay(
    { name: 'test', what: 'Test', traffic: [200], watched: 300, changes, expected: { call: 'quiet' } },
    200,
  );
  return histories.flatMap(({ alarm, states }) =>
    states.slice(beginning + 240).includes('ALARM') ? [alarm.name] : [],
  );
}

describe('a replay', () => {
  it('has on a usual day users, requests, a few that are refused, and no failure', () => {
    expect(replay().toSorted()).toEqual(
      ['4xx', 'collected', 'identities', 'invocations', 'requests', 'started'].toSorted(),
    );
  });

  it('makes the visits of users another one, also of those who are on their way', () => {
    expect(replay({ users: 'token-502' })).toEqual(expect.arrayContaining(['failed', '5xx', 'started']));
    expect(replay({ users: 'token-502', to: 1 })).not.toContain('failed');
    expect(replay({ users: 'gives-up', only: 'identity' })).not.toContain('identities');
    expect(replay({ users: 'gives-up', only: 'login' })).toContain('identities');
  });

  it('has no users when none come', () => {
    expect(replay({ traffic: 0 })).not.toContain('started');
  });

  it('has no log lines of a function that is throttled, and the canary finds it', () => {
    const found = replay({ function: 'login', fails: 'throttled' });

    expect(found).toEqual(expect.arrayContaining(['throttles', '5xx', 'canary', 'canary-login']));
    for (const each of ['started', 'invocations', 'errors']) expect(found).not.toContain(each);
  });

  it('has errors of a function that crashes', () => {
    const found = replay({ function: 'login', fails: 'crashes' });

    expect(found).toEqual(expect.arrayContaining(['errors', 'invocations', '5xx', 'canary']));
    for (const each of ['started', 'throttles']) expect(found).not.toContain(each);
  });

  it('calls no function when something in front responds, and API Gateway counts what reaches it', () => {
    const inGateway = replay({ gateway: 500 });
    const inFront = replay({ gateway: 500, inFront: true });

    expect(inGateway).toEqual(expect.arrayContaining(['5xx', 'requests', 'canary']));
    expect(inFront).toEqual(expect.arrayContaining(['canary']));
    for (const each of ['started', 'invocations']) expect([inGateway, inFront].flat()).not.toContain(each);
    for (const each of ['5xx', 'requests']) expect(inFront).not.toContain(each);
  });

  it('has what strangers do', () => {
    const junk: Change = { strangers: 'made-up-server-error', step: 'reload', perMinute: 10 };

    expect(replay({ traffic: 0 }, junk)).toContain('5xx');
    expect(replay({ traffic: 0 }, junk)).not.toContain('started');
    expect(replay({ traffic: 0 }, { strangers: 'made-up-server-error', perMinute: 10 })).toContain('started');
  });

  it('has schedules that fail, always or when there is something to fetch, or that do not run', () => {
    expect(replay({ schedule: 'canary', becomes: 'canary-request-refused' })).toContain('canary');
    expect(replay({ schedule: 'refresh-jwks', becomes: 'refresh-jwks-failed', whenDue: true })).toContain(
      'refresh-failed',
    );
    // In this quarter of an hour the copies are still fresh.
    const failing = { schedule: 'refresh-jwks', becomes: 'refresh-jwks-failed', from: 241, to: 256 } as const;
    expect(replay(failing)).toContain('refresh-failed');
    expect(replay({ ...failing, whenDue: true })).not.toContain('refresh-failed');
    expect(replay({ schedule: 'refresh-jwks', becomes: undefined })).not.toContain('refresh-failed');
  });

  it('lets the canary find keys that come late', () => {
    expect(replay({ slow: 'our-keys', plus: 2_000 })).toContain('canary-keys');
    expect(replay({ slow: 'our-keys', plus: 100 })).not.toContain('canary-keys');
  });

  it('collects no audit lines when the collector is not called', () => {
    expect(replay({ collector: 'silent' })).not.toContain('collected');
  });

  it('refuses a visit that was not recorded', () => {
    expect(() => replay({ strangers: 'nowhere', perMinute: 5 })).toThrow('there is no recording nowhere');
  });
});
