import { describe, expect, test } from '@jest/globals';
import { expectations } from '../../../bin/rehearse/expectations.ts';
import { typesNotEmulated } from '../../../bin/rehearse/not-emulated.ts';
import type { Observation } from '../../../bin/rehearse/observation.ts';
import { checkStack, type DeployedStack, listKeptResources } from '../../../bin/rehearse/stack-checks.ts';
import { buildFullConfig, everythingOn } from '../../infra/everything-on.ts';
import { listResources, synthesise } from '../../infra/synthesise.ts';
import { observed } from './observed.ts';

const template = {
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'RSA_2048' }, DeletionPolicy: 'Retain' },
  },
  Outputs: { Keys: { Description: 'The key', Value: { Ref: 'Key' } } },
};

const things = {
  logGroups: [{ logGroupName: 'group-1', retentionInDays: 90 }],
  keys: [{ KeyId: 'key-1', KeySpec: 'RSA_2048', KeyState: 'Enabled' }],
} satisfies Partial<Observation>;

const stack = {
  StackName: 'one-login-x',
  Resources: [
    { LogicalResourceId: 'Group', PhysicalResourceId: 'group-1' },
    { LogicalResourceId: 'Key', PhysicalResourceId: 'key-1' },
  ],
  Outputs: [{ OutputKey: 'Keys', OutputValue: 'key-1', Description: 'The key' }],
};

function deployed(changes: Partial<Observation> = {}): DeployedStack {
  return { name: 'one-login-x', template, observed: observed({ ...things, stacks: [stack], ...changes }) };
}

describe('a deployed stack', () => {
  test('is as the template says when each resource and output is there with its settings', () => {
    expect(checkStack(deployed())).toEqual([]);
  });

  test.each([
    ['a stack that is not there', { stacks: [] }, 'there is no stack one-login-x'],
    [
      'a resource that was not made',
      { stacks: [{ ...stack, Resources: stack.Resources.slice(1) }] },
      'AWS::Logs::LogGroup Group: the emulator made none, and bin/rehearse/not-emulated.ts says nothing of it',
    ],
    ['a resource that is gone', { logGroups: [] }, 'AWS::Logs::LogGroup Group: does not exist as group-1'],
    [
      'another setting',
      { logGroups: [{ logGroupName: 'group-1', retentionInDays: 1 }] },
      'AWS::Logs::LogGroup Group: retentionInDays is 1, expected 90',
    ],
    [
      'a missing output',
      { stacks: [{ ...stack, Outputs: [{ ...stack.Outputs[0], OutputKey: 'Other' }] }] },
      'output Keys.OutputValue is missing, expected {"Ref":"Key"}',
      'output Keys.Description is missing, expected "The key"',
    ],
    [
      'an output with another value',
      { stacks: [{ ...stack, Outputs: [{ ...stack.Outputs[0], OutputValue: 'key-2' }] }] },
      'output Keys.OutputValue is key-2, expected {"Ref":"Key"}',
    ],
  ] as const)('is not, with %s', (_, changes, ...sentences) => {
    expect(checkStack(deployed(changes))).toEqual(sentences);
  });

  test('leaves behind what its template says must be retained', () => {
    expect(listKeptResources(deployed())).toEqual(['key-1']);
  });
});

describe('every type of resource that a deployment can have', () => {
  const fronts = Object.keys(everythingOn) as (keyof typeof everythingOn)[];
  // Of these it is seen that they were made: no API tells more of them than that, or the deployment itself is the test.
  const seenToExist = [
    'AWS::ApiGateway::Account',
    'AWS::SNS::Subscription',
    'AWS::SNS::TopicPolicy',
    'AWS::WAFv2::LoggingConfiguration',
  ];

  test.each(fronts)('is compared by its settings, or it is said where it is seen to instead: %s', (front) => {
    const types = new Set(listResources(synthesise(buildFullConfig(front))).map(({ Type }) => Type));
    const strange = [...types].filter(
      (type) =>
        !(
          type in expectations ||
          type in typesNotEmulated ||
          seenToExist.includes(type) ||
          type.startsWith('Custom::')
        ),
    );
    expect(strange).toEqual([]);
  });
});
