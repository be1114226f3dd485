import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccessControl } from '../../../local/iam/access-control.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { Json, JsonObject } from '../../../local/template/json.ts';
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
    table: (name) => tables[name],
    keyArn: (reference) => (reference === 'signing' ? keyArn : undefined),
  });
});

const fail = (problem: string): never => {
  throw new Error(problem);
};

/** Gives the function `F` a role with these statements. */
async function allow(statements: readonly JsonObject[], properties: JsonObject = {}): Promise<void> {
  const Policies = [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: statements } }];
  const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', Policies, ...properties } };
  const created = await createStack({
    template: { Resources: { Role } },
    stack: identity,
    handlers: access.handlers,
  });
  access.assign('F', String(created.get('Role')?.attributes?.['Arn']));
}

const dynamodb = (action: string, input: unknown, caller = 'F') =>
  access.refuse({ service: 'dynamodb', action, caller, input });
const sign = (input: JsonObject) =>
  access.refuse({ service: 'kms', action: 'Sign', caller: 'F', input: { KeyId: 'signing', ...input } });

describe('a role', () => {
  test('allows its actions on its resources, and nothing else', async () => {
    await allow([{ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: tableArn }]);

    expect(dynamodb('GetItem', { TableName: 't' })).toBeUndefined();
    expect(dynamodb('PutItem', { TableName: 't' })).toBe(
      `User: arn:aws:iam::123456789012:role/r is not authorized to perform: dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`,
    );
    expect(dynamodb('GetItem', { TableName: 'encrypted' })).toContain('is not authorized');
    expect(dynamodb('GetItem', { TableName: 'nowhere' })).toContain('on resource: unknown');
    expect(access.denied.map(({ action, resource }) => [action, resource])).toEqual([
      ['dynamodb:PutItem', tableArn],
      ['dynamodb:GetItem', `${tableArn}-encrypted`],
      ['dynamodb:GetItem', 'unknown'],
    ]);
    expect(access.allowances.map(({ used }) => used)).toEqual([true]);
  });

  test('allows nothing that one of its statements denies', async () => {
    await allow([
      { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:DeleteItem', Resource: tableArn },
    ]);

    expect(dynamodb('DeleteItem', { TableName: 't' })).toContain('is not authorized');
    expect(dynamodb('PutItem', { TableName: 't' })).toBeUndefined();
  });

  test('that names a table does not allow its indexes', async () => {
    await allow([{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: tableArn }]);

    expect(dynamodb('Query', { TableName: 't', IndexName: 'i' })).toContain(`${tableArn}/index/i`);
  });

  test('must allow every table of a batch', async () => {
    await allow([{ Effect: 'Allow', Action: 'dynamodb:BatchWriteItem', Resource: tableArn }]);

    expect(dynamodb('BatchWriteItem', { RequestItems: { t: [] } })).toBeUndefined();
    expect(dynamodb('BatchWriteItem', { RequestItems: { t: [], encrypted: [] } })).toContain('-encrypted');
  });

  test('must allow the key of an encrypted table, through DynamoDB', async () => {
    const use = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: `${tableArn}-encrypted` };
    await allow([use]);
    const without = dynamodb('GetItem', { TableName: 'encrypted' });
    const via = (service: string) => ({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: dataKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-2.amazonaws.com` } },
    });
    await allow([use, via('s3')]);
    const throughAnother = dynamodb('GetItem', { TableName: 'encrypted' });
    await allow([use, via('dynamodb')]);

    expect(without).toContain(`kms:Decrypt on resource: ${dataKeyArn}`);
    expect(throughAnother).toContain(`kms:Decrypt on resource: ${dataKeyArn}`);
    expect(dynamodb('GetItem', { TableName: 'encrypted' })).toBeUndefined();
    expect(access.refuse({ service: 'kms', action: 'Decrypt', caller: 'F', input: {} })).toContain(
      'kms:Decrypt',
    );
  });

  test('counts with its policies beside it', async () => {
    const statement = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: tableArn };
    const created = await createStack({
      template: {
        Resources: {
          Role: { Type: 'AWS::IAM::Role', Properties: {} },
          Policy: {
            Type: 'AWS::IAM::Policy',
            Properties: {
              PolicyName: 'p',
              Roles: [{ Ref: 'Role' }],
              PolicyDocument: { Statement: statement },
            },
          },
        },
      },
      stack: identity,
      handlers: access.handlers,
    });
    access.assign('F', String(created.get('Role')?.attributes?.['Arn']));

    expect(dynamodb('GetItem', { TableName: 't' })).toBeUndefined();
  });

  test('says nothing about callers that are no functions', async () => {
    await allow([]);

    expect(dynamodb('Scan', { TableName: 't' }, 'local')).toBeUndefined();
    expect(access.denied).toEqual([]);
  });

  test('is asked about services that are not there as well', async () => {
    await allow([]);

    expect(access.refuse({ service: 'sns', action: 'Publish', caller: 'F', input: {} })).toContain(
      'sns:Publish',
    );
  });

  test.each<[string, JsonObject]>([
    ['NotAction', { Effect: 'Allow', NotAction: 'x', Resource: '*' }],
    [
      'the condition Bool',
      { Effect: 'Allow', Action: 'x', Resource: '*', Condition: { Bool: { a: 'true' } } },
    ],
    ['the effect undefined', { Action: 'x', Resource: '*' }],
  ])('with %s ends the start', async (what, statement) => {
    await expect(allow([statement])).rejects.toThrow(what);
  });
});

describe('the use of what is allowed', () => {
  test('is told for each action on each resource', async () => {
    const resources = [tableArn, `${tableArn}-other`];
    await allow([{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: resources }]);
    dynamodb('PutItem', { TableName: 't' });

    const used = access.allowances.filter((allowance) => allowance.used);
    expect(access.allowances).toHaveLength(4);
    expect(used).toEqual([
      { functionId: 'F', action: 'dynamodb:PutItem', resource: tableArn, resourceId: undefined, used: true },
    ]);
  });

  test('is not what was refused in the end', async () => {
    await allow([
      { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: tableArn },
    ]);
    dynamodb('GetItem', { TableName: 't' });

    expect(access.allowances.map(({ used }) => used)).toEqual([false]);
  });

  test('is of a log as soon as the function starts', async () => {
    const Resource = 'arn:aws:logs:eu-west-2:123456789012:log-group:g:*';
    await allow([{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource }]);
    access.openLog('F', 'g');
    access.openLog('F', 'other');

    expect(access.allowances.map(({ used }) => used)).toEqual([true]);
    expect(access.denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'logs:CreateLogStream arn:aws:logs:eu-west-2:123456789012:log-group:g:log-stream:local',
      'logs:CreateLogStream arn:aws:logs:eu-west-2:123456789012:log-group:other:log-stream:local',
      'logs:PutLogEvents arn:aws:logs:eu-west-2:123456789012:log-group:other:log-stream:local',
    ]);
  });
});

describe("a key's policy", () => {
  const root = { AWS: 'arn:aws:iam::123456789012:root' };
  const policy = (statement: JsonObject): Json => ({ Statement: [{ Resource: '*', ...statement }] });
  const mayAll = [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }];

  test.each<[string, Json | undefined, boolean]>([
    ['there is not', undefined, true],
    ['leaves signing to the account', policy({ Effect: 'Allow', Principal: root, Action: 'kms:Sign' }), true],
    [
      'leaves something else to the account',
      policy({ Effect: 'Allow', Principal: root, Action: 'kms:Verify' }),
      false,
    ],
    [
      'leaves it to a service',
      policy({ Effect: 'Allow', Principal: { Service: 'x' }, Action: 'kms:Sign' }),
      false,
    ],
    ['denies it', policy({ Effect: 'Deny', Principal: '*', Action: 'kms:Sign' }), false],
  ])('which %s decides whether the role counts', async (_, document, allowed) => {
    await allow(mayAll);
    access.protectKey(keyArn, document, fail);

    expect(sign({}) === undefined).toBe(allowed);
  });

  test.each([
    ['/one-login/a/signs/', true],
    ['/one-login/b/signs/', false],
    ['/', false],
  ])('knows a role with the path %s by it', async (Path, allowed) => {
    await allow(mayAll, { Path });
    const Condition = {
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/one-login/a/signs/*' },
    };
    access.protectKey(
      keyArn,
      policy({ Effect: 'Allow', Principal: root, Action: 'kms:Sign', Condition }),
      fail,
    );

    expect(sign({}) === undefined).toBe(allowed);
  });

  test('and a role can ask for one way to sign', async () => {
    const Condition = { StringEquals: { 'kms:SigningAlgorithm': 'PS', 'kms:MessageType': 'DIGEST' } };
    await allow([{ Effect: 'Allow', Action: 'kms:Sign', Resource: keyArn, Condition }]);

    expect(sign({ SigningAlgorithm: 'PS', MessageType: 'DIGEST' })).toBeUndefined();
    expect(sign({ SigningAlgorithm: 'PS' })).toContain('is not authorized');
    expect(sign({ SigningAlgorithm: 'RS', MessageType: 'DIGEST' })).toContain('is not authorized');
  });
});
