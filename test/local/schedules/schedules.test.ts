import { describe, expect, test } from '@jest/globals';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import { readRate } from '../../../local/schedules/rate-expression.ts';
import { Schedules } from '../../../local/schedules/schedule-resource.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { arnOfStub, returned, stubFunction } from '../support/stub-function.ts';

describe('a rate', () => {
  test.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(12 hours)', 43_200_000],
    ['rate(1 day)', 86_400_000],
    ['rate(7 days)', 604_800_000],
  ])('%s is %d milliseconds', (expression, expected) => {
    expect(readRate(expression)).toBe(expected);
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 12 * * ? *)',
    'rate(5minutes)',
  ])('is not %s', (expression) => {
    expect(readRate(expression)).toBeUndefined();
  });
});

async function create(type: string, properties: JsonObject) {
  const events: unknown[] = [];
  const functions = new FunctionRegistry();
  functions.add(stubFunction('Refresh', (event) => returned(events.push(event))));
  const schedules = new Schedules(functions);
  const template = { Resources: { Often: { Type: type, Properties: properties } } };
  await createStack({ template, stack: createStackIdentity('stack'), handlers: schedules.handlers });
  return { schedules, events };
}

const rule = {
  ScheduleExpression: 'rate(5 minutes)',
  State: 'ENABLED',
  Targets: [{ Id: 'T', Arn: arnOfStub('Refresh') }],
};

describe('a rule', () => {
  test('for what happens in AWS has no local effect', async () => {
    const EventPattern = { source: ['aws.kms'] };
    const Targets = [{ Id: 'T', Arn: 'arn:aws:sqs:eu-west-2:123456789012:queue' }];
    const { schedules } = await create('AWS::Events::Rule', { EventPattern, State: 'ENABLED', Targets });

    expect(schedules.all).toEqual([]);
  });

  test('for nothing ends the start', async () => {
    await expect(create('AWS::Events::Rule', { Targets: [] })).rejects.toThrow('EventPattern: is required');
  });
});

describe('a schedule', () => {
  test('of EventBridge invokes its targets with a scheduled event', async () => {
    const { schedules, events } = await create('AWS::Events::Rule', rule);
    expect(schedules.all).toMatchObject([{ logicalId: 'Often', interval: 300_000, enabled: true }]);
    await schedules.all[0]?.run();
    expect(events).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '123456789012',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'eu-west-2',
        resources: ['arn:aws:events:eu-west-2:123456789012:rule/stack-Often'],
        detail: {},
      },
    ]);
  });

  test('of EventBridge Scheduler does, too, and can have an input of its own', async () => {
    const Target = { Arn: arnOfStub('Refresh'), RoleArn: 'arn:role', Input: '{"document":"did"}' };
    const properties = { ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target };
    const { schedules, events } = await create('AWS::Scheduler::Schedule', properties);
    await schedules.all[0]?.run();
    expect(events).toEqual([{ document: 'did' }]);
  });

  test('that is disabled is never started', async () => {
    const { schedules } = await create('AWS::Events::Rule', { ...rule, State: 'DISABLED' });
    expect(schedules.all).toMatchObject([{ enabled: false }]);
  });

  test.each<[string, JsonObject, string]>([
    [
      'is a cron expression',
      { ScheduleExpression: 'cron(0 12 * * ? *)' },
      'ScheduleExpression: "cron(0 12 * * ? *)" is not understood',
    ],
    [
      'is rarer than a timer can be',
      { ScheduleExpression: 'rate(25 days)' },
      '"rate(25 days)" is not understood',
    ],
    [
      'waits for events',
      { EventPattern: { source: ['aws.kms'] } },
      'property EventPattern: the local environment',
    ],
    [
      'calls what there is not',
      { Targets: [{ Id: 'T', Arn: 'arn:queue' }] },
      'property Targets[0].Arn: arn:queue is no function here',
    ],
  ])('that %s ends the start', async (_name, more, problem) => {
    await expect(create('AWS::Events::Rule', { ...rule, ...more })).rejects.toThrow(problem);
  });
});
