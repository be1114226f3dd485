import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccessControl } from '../../../local/iam/access-control.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';

const identity = createStackIdentity('stack');
const tableArn = 'arn:aws:dynamodb:eu-west-2:123456789012:table/t';
const dataKeyArn = 'arn:aws:kms:eu-west-2:123456789012:key/data';
const keyArn = 'arn:aws:kms:eu-west-2:123456789012:key/signing';
const tables: Record<string, { arn: string; keyArn?: string }> = {
  t: { arn: tableArn },
  encrypted: { arn: `${tableArn}-encrypted`, keyArn: dataKeyArn },
};

let access: AccessControl;

beforeEach(() => {
  access = new AccessControl(identity, {
    findTable: (name) => tables[name],
    findKeyArn: (reference) => (reference === 'signing' ? keyArn : undefined),
  });
});

const fail = (problem: string): never => {
  throw new Error(problem);
};

/** Gives the function `F` a role with these statements. */
async function assign(statements: readonly JsonObject[], properties: JsonObject = {}): Promise<void> {
  const Policies = [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: statements } }];
  const Role = { Type: 'AWS::IAM::Role', Properties: { Policies, ...properties } };
  const template = { Resources: { Role } };
  const created = await createStack({ template, stack: identity, handlers: access.handlers });
  access.assign('F', String(created.get('Role')?.attributes?.['Arn']));
}

const allow = (Action: JsonObject['x'], Resource: JsonObject['x'], more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  ...(Action === undefined ? {} : { Action }),
  ...(Resource === undefined ? {} : { Resource }),
  ...more,
});
const dynamodb = (action: string, input: unknown, caller = 'F') =>
  access.refuse({ service: 'dynamodb', action, caller, input });
const sign = (input: JsonObject = {}) =>
  access.refuse({ service: 'kms', action: 'Sign', caller: 'F', input: { KeyId: 'signing', ...input } });

describe('a role', () => {
  test('only allows its actions on its resources', async () => {
    await assign([allow(['dynamodb:GetItem'], tableArn)]);

    expect(dynamodb('GetItem', { TableName: 't' })).toBeUndefined();
    expect(dynamodb('PutItem', { TableName: 't' })).toBe(
      `User: arn:aws:iam::123456789012:role/stack-Role is not authorized to perform: dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`,
    );
    expect(dynamodb('GetItem', { TableName: 'encrypted' })).toContain('is not authorized');
    expect(dynamodb('GetItem', { TableName: 'nowhere' })).toContain('on resource: unknown');
    expect(access.refuse({ service: 'sns', action: 'Publish', caller: 'F', input: {} })).toContain(
      'sns:Publish',
    );
    expect(access.denied.map(({ action, resource }) => [action, resource])).toEqual([
      ['dynamodb:PutItem', tableArn],
      ['dynamodb:GetItem', `${tableArn}-encrypted`],
      ['dynamodb:GetItem', 'unknown'],
      ['sns:Publish', '*'],
    ]);
  });

  test('must allow every table of a batch', async () => {
    await assign([allow('dynamodb:BatchWriteItem', tableArn)]);

    expect(dynamodb('BatchWriteItem', { RequestItems: { t: [] } })).toBeUndefined();
    expect(dynamodb('BatchWriteItem', { RequestItems: { t: [], encrypted: [] } })).toContain('-encrypted');
  });

  test.each([
    ['no permission for its key', undefined, false],
    ['a permission for its key through another service', 's3', false],
    ['a permission for its key through DynamoDB', 'dynamodb', true],
  ])('with %s is checked for an encrypted table', async (_name, service, allowed) => {
    const Condition = { StringEquals: { 'kms:ViaService': `${service}.eu-west-2.amazonaws.com` } };
    const decrypt = service === undefined ? [] : [allow('kms:Decrypt', dataKeyArn, { Condition })];
    await assign([allow('dynamodb:GetItem', `${tableArn}-encrypted`), ...decrypt]);

    const refusal = dynamodb('GetItem', { TableName: 'encrypted' });
    if (allowed) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(`kms:Decrypt on resource: ${dataKeyArn}`);
  });

  test('can require an algorithm and a digest', async () => {
    const Condition = { StringEquals: { 'kms:SigningAlgorithm': 'PS', 'kms:MessageType': 'DIGEST' } };
    await assign([allow('kms:Sign', keyArn, { Condition })]);

    expect(sign({ SigningAlgorithm: 'PS', MessageType: 'DIGEST' })).toBeUndefined();
    expect(sign({ SigningAlgorithm: 'PS' })).toContain('is not authorized');
    expect(sign({ SigningAlgorithm: 'RS', MessageType: 'DIGEST' })).toContain('is not authorized');
  });

  test('does not apply to a caller that is not a function', async () => {
    await assign([]);

    expect(dynamodb('Scan', { TableName: 't' }, 'local')).toBeUndefined();
    expect(access.denied).toEqual([]);
  });

  test('is used for each action on each resource separately', async () => {
    await assign([allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [tableArn, `${tableArn}-other`])]);
    dynamodb('PutItem', { TableName: 't' });

    expect(access.allowances).toHaveLength(4);
    expect(access.allowances.filter(({ used }) => used)).toEqual([
      { functionId: 'F', action: 'dynamodb:PutItem', resource: tableArn, resourceId: undefined, used: true },
    ]);
  });

  test('is used for the log when the function starts', async () => {
    const group = 'arn:aws:logs:eu-west-2:123456789012:log-group:';
    await assign([allow('logs:PutLogEvents', `${group}g:*`)]);
    access.openLog('F', 'g');
    access.openLog('F', 'other');

    expect(access.allowances.map(({ used }) => used)).toEqual([true]);
    expect(access.denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `logs:CreateLogStream ${group}g:log-stream:local`,
      `logs:CreateLogStream ${group}other:log-stream:local`,
      `logs:PutLogEvents ${group}other:log-stream:local`,
    ]);
  });

  test.each<[string, JsonObject]>([
    ['NotAction', { Effect: 'Allow', NotAction: 'x', Resource: '*' }],
    ['the condition Bool', allow('x', '*', { Condition: { Bool: { a: 'true' } } })],
    ['the effect Deny', { Effect: 'Deny', Action: 'x', Resource: '*' }],
    ['the effect undefined', { Action: 'x', Resource: '*' }],
  ])('with %s ends the start', async (what, statement) => {
    await expect(assign([statement])).rejects.toThrow(what);
  });
});

describe("a key's policy", () => {
  const root = { AWS: 'arn:aws:iam::123456789012:root' };
  const protect = (statement: JsonObject) =>
    access.protectKey(keyArn, { Statement: [{ Effect: 'Allow', Resource: '*', ...statement }] }, fail);

  test.each<[string, JsonObject, boolean]>([
    ['allows signing to the account', { Principal: root, Action: 'kms:Sign' }, true],
    ['allows something else to the account', { Principal: root, Action: 'kms:Verify' }, false],
    ['allows signing to a service', { Principal: { Service: 'x' }, Action: 'kms:Sign' }, false],
  ])('that %s decides whether the role applies', async (_name, statement, allowed) => {
    await assign([allow('kms:*', '*')]);
    protect(statement);

    expect(sign() === undefined).toBe(allowed);
  });

  test.each([
    ['/one-login/a/signs/', true],
    ['/one-login/b/signs/', false],
    ['/', false],
  ])('can be for a path of roles: for %s it is %p', async (Path, allowed) => {
    await assign([allow('kms:*', '*')], { Path });
    const signers = 'arn:aws:iam::123456789012:role/one-login/a/signs/*';
    const Condition = { ArnLike: { 'aws:PrincipalArn': signers } };
    protect({ Principal: root, Action: 'kms:Sign', Condition });

    expect(sign() === undefined).toBe(allowed);
  });
});
