import { describe, expect, test } from '@jest/globals';
import { FunctionRegistry } from '../../local/functions/function-registry.ts';
import { Schedules } from '../../local/schedules.ts';
import { createStack } from '../../local/template/create-stack.ts';
import type { JsonObject } from '../../local/template/json.ts';
import { createStackIdentity } from '../../local/template/stack-identity.ts';
import { returned, stubArn, stubFunction } from './support/stub-function.ts';

async function create(properties: JsonObject) {
  const events: unknown[] = [];
  const functions = new FunctionRegistry();
  functions.add(stubFunction('Refresh', (event) => returned(events.push(event))));
  const schedules = new Schedules(functions);
  const template = { Resources: { Often: { Type: 'AWS::Events::Rule', Properties: properties } } };
  await createStack({ template, stack: createStackIdentity('stack'), handlers: schedules.handlers });
  return { schedules, events };
}

const rule = {
  ScheduleExpression: 'rate(5 minutes)',
  State: 'ENABLED',
  Targets: [{ Id: 'T', Arn: stubArn('Refresh') }],
};

describe('a rule', () => {
  test('with a rate invokes its targets with a scheduled event', async () => {
    const { schedules, events } = await create(rule);
    expect(schedules.all).toMatchObject([{ logicalId: 'Often', interval: 300_000 }]);
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

  test('for events has no effect', async () => {
    const Targets = [{ Id: 'T', Arn: 'arn:aws:sqs:eu-west-2:123456789012:queue' }];
    const { schedules } = await create({ EventPattern: { source: ['aws.kms'] }, State: 'ENABLED', Targets });
    expect(schedules.all).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    ['without a rate and a pattern', { Targets: [] }, 'EventPattern: is required'],
    ['with a rate and a pattern', { ...rule, EventPattern: {} }, 'property EventPattern: the local'],
    ['that is disabled', { ...rule, State: 'DISABLED' }, '"DISABLED" is none of ENABLED'],
    [
      'with an unknown target',
      { ...rule, Targets: [{ Id: 'T', Arn: 'arn:queue' }] },
      'property Targets[0].Arn: arn:queue is not a function',
    ],
    ...['cron(0 12 * * ? *)', 'rate(1 hour)', 'rate(0 minutes)', 'rate(50000 minutes)'].map(
      (expression): [string, JsonObject, string] => [
        `with ${expression}`,
        { ...rule, ScheduleExpression: expression },
        `ScheduleExpression: "${expression}" is not understood`,
      ],
    ),
  ])('%s ends the start', async (_name, properties, problem) => {
    await expect(create(properties)).rejects.toThrow(problem);
  });
});
