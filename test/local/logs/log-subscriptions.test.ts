import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import { LogSubscriptions } from '../../../local/logs/log-subscriptions.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { stubArn, stubFunction } from '../support/stub-function.ts';

const stack = createStackIdentity('stack');
const returned = { kind: 'returned', payload: null } as const;

let subscriptions: LogSubscriptions;
let batches: CloudWatchLogsDecodedData[];
/** Ends the delivery in progress. */
let arrive: () => void;

beforeEach(async () => {
  batches = [];
  const registry = new FunctionRegistry();
  registry.add(stubFunction('Source', () => returned));
  registry.add(
    stubFunction('Collector', async (event) => {
      const { data } = (event as CloudWatchLogsEvent).awslogs;
      batches.push(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
      return returned;
    }),
  );
  subscriptions = new LogSubscriptions(registry);
  await create({});
});

async function create(changes: JsonObject): Promise<void> {
  const Properties = {
    LogGroupName: registeredLogGroup,
    FilterPattern: '{ $.event = "audit" }',
    DestinationArn: stubArn('Collector'),
    ...changes,
  };
  const template = { Resources: { Lines: { Type: 'AWS::Logs::SubscriptionFilter', Properties } } };
  await createStack({ template, stack, handlers: subscriptions.handlers });
}

const registeredLogGroup = stubFunction('Source', () => returned).identity.logGroupName;
const line = (number: number) => JSON.stringify({ event: 'audit', number });
const delivered = () => batches.map(({ logEvents }) => logEvents.map(({ message }) => message));

describe('a subscription to a log', () => {
  test('delivers the lines that pass its filter in the format of CloudWatch', async () => {
    for (const message of ['{"event":"answered"}', 'audit', 'null', '["audit"]', line(1)]) {
      subscriptions.receive('Source', message);
    }
    expect(batches).toEqual([
      {
        messageType: 'DATA_MESSAGE',
        owner: stack.accountId,
        logGroup: registeredLogGroup,
        logStream: expect.any(String),
        subscriptionFilters: ['Lines'],
        logEvents: [{ id: expect.any(String), timestamp: expect.any(Number), message: line(1) }],
      },
    ]);
  });

  test('does not deliver lines of other logs, such as that of its own function', () => {
    subscriptions.receive('Collector', line(1));
    expect(batches).toEqual([]);
  });

  test('delivers the lines that come during a delivery once, in the next batch', async () => {
    for (const number of [1, 2, 3]) subscriptions.receive('Source', line(number));
    arrive();
    const stopped = subscriptions.stop();
    await new Promise(setImmediate);
    arrive();
    await stopped;
    expect(delivered()).toEqual([[line(1)], [line(2), line(3)]]);
    expect(new Set(batches.flatMap(({ logEvents }) => logEvents.map(({ id }) => id))).size).toBe(3);
  });

  test('delivers nothing after it has stopped', async () => {
    await subscriptions.stop();
    subscriptions.receive('Source', line(1));
    expect(batches).toEqual([]);
  });

  test('distinguishes the copies that its function writes from its other lines', () => {
    expect(subscriptions.isCopy('Collector', line(1))).toBe(true);
    expect(subscriptions.isCopy('Collector', '{"event":"audit_line_refused"}')).toBe(false);
    expect(subscriptions.isCopy('Source', line(1))).toBe(false);
  });

  test.each([
    [{ FilterPattern: 'audit' }, 'FilterPattern'],
    [{ FilterPattern: '{ $.event = "a*" }' }, 'FilterPattern'],
    [{ FilterPattern: '{ $.event = "audit" || $.x = "y" }' }, 'FilterPattern'],
    [{ DestinationArn: stubArn('Nobody') }, 'DestinationArn'],
    [{ RoleArn: 'arn' }, 'RoleArn'],
  ])('ends the start when it has %j', async (changes, property) => {
    await expect(create(changes)).rejects.toThrow(
      `Lines (AWS::Logs::SubscriptionFilter), property ${property}`,
    );
  });
});
