import { describe, expect, test } from '@jest/globals';
import {
  configOf,
  type FunctionName,
  functionNames,
  listOf,
  type Statement,
  synthesise,
} from './synthesise.ts';

const config = configOf('production.example', {
  signingKeys: [
    { name: 'old', state: 'retire' },
    { name: 'current', state: 'sign' },
    { name: 'next', state: 'publish' },
  ],
});
const template = synthesise(config);

/** Everything that each function may do, besides writing its own log. */
const expected: Readonly<Record<FunctionName, Readonly<Record<string, readonly string[]>>>> = {
  login: {
    'kms:Decrypt': ['DataKey'],
    'kms:Sign': ['SigningKeyscurrent', 'SigningKeysnext'],
    'dynamodb:PutItem': ['TablesLoginAttempts'],
    'dynamodb:GetItem': ['TablesSessions'],
    'dynamodb:Query': ['TablesProviderDocuments'],
  },
  callback: {
    'kms:Decrypt': ['DataKey'],
    'kms:Sign': ['SigningKeyscurrent', 'SigningKeysnext'],
    'dynamodb:GetItem': ['TablesLoginAttempts', 'TablesSessions'],
    'dynamodb:BatchGetItem': ['TablesSessions'],
    'dynamodb:UpdateItem': ['TablesLoginAttempts', 'TablesProviderDocuments'],
    'dynamodb:PutItem': ['TablesProviderDocuments', 'TablesSessions'],
    'dynamodb:DeleteItem': ['TablesSessions'],
    'dynamodb:Query': ['TablesProviderDocuments'],
  },
  userinfo: {
    'kms:Decrypt': ['DataKey'],
    'dynamodb:GetItem': ['TablesSessions'],
    'dynamodb:UpdateItem': ['TablesSessions'],
  },
  logout: {
    'kms:Decrypt': ['DataKey'],
    'dynamodb:GetItem': ['TablesSessions'],
    'dynamodb:PutItem': ['TablesSessions'],
    'dynamodb:DeleteItem': ['TablesSessions'],
    'dynamodb:Query': ['TablesProviderDocuments'],
  },
  'backchannel-logout': {
    'kms:Decrypt': ['DataKey'],
    'dynamodb:PutItem': ['TablesProviderDocuments', 'TablesSessions'],
    'dynamodb:Query': ['TablesProviderDocuments', 'TablesSessions'],
    'dynamodb:BatchWriteItem': ['TablesSessions'],
    'dynamodb:UpdateItem': ['TablesProviderDocuments'],
  },
  'refresh-jwks': {
    'kms:Decrypt': ['DataKey'],
    'dynamodb:Query': ['TablesProviderDocuments'],
    'dynamodb:PutItem': ['TablesProviderDocuments'],
  },
  'refresh-did': {
    'kms:Decrypt': ['DataKey'],
    'dynamodb:Query': ['TablesProviderDocuments'],
    'dynamodb:PutItem': ['TablesProviderDocuments'],
  },
  'publish-jwks': { 'kms:GetPublicKey': ['SigningKeyscurrent', 'SigningKeysnext'] },
  'collect-audit': {},
};

describe.each(functionNames)('the function %s', (name) => {
  test('may do exactly what its code does', () => {
    expect(permissionsOf(name)).toEqual(expected[name]);
  });

  test('may write to its own log group and no other', () => {
    const { function: lambda } = template.function(name);
    const [logging] = statementsOf(name);

    expect(logging).toEqual({
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [lambda.Properties.LoggingConfig.LogGroup.Ref, 'Arn'] },
    });
  });
});

test('signing is allowed by PS256 over a digest only', () => {
  const signing = template.statements.filter(
    ([id, { Action }]) => !id.startsWith('SigningKeys') && listOf(Action).includes('kms:Sign'),
  );

  expect(signing).toHaveLength(2);
  for (const [, { Condition }] of signing) {
    expect(Condition).toEqual({
      StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256', 'kms:MessageType': 'DIGEST' },
    });
  }
});

test('the key of the tables is used through DynamoDB only', () => {
  const decrypting = template.statements.filter(
    ([id, { Action }]) => !id.startsWith('DataKey') && listOf(Action).includes('kms:Decrypt'),
  );

  // Every function that uses a table, and the authorizers.
  expect(decrypting).toHaveLength(7 + config.authorizers.length);
  for (const [, { Condition }] of decrypting) {
    expect(Condition).toEqual({ StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } });
  }
});

describe('nothing is allowed but by the roles', () => {
  test('there are no policies beside the roles, and no managed ones but that of the account setting for logs', () => {
    const managed = template
      .ofType('AWS::IAM::Role')
      .filter(([, { Properties }]) => Properties.ManagedPolicyArns !== undefined);

    expect(template.ofType('AWS::IAM::Policy')).toEqual([]);
    expect(template.ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(managed.map(([id]) => id)).toEqual([expect.stringMatching(/^RestApiCloudWatchRole/)]);
  });

  test('functions can be called by the route, schedule or logs that are theirs only', () => {
    const permissions = template
      .ofType('AWS::Lambda::Permission')
      .filter(([id]) => !id.startsWith('Authorizers'));

    expect(permissions.length).toBeGreaterThan(0);
    for (const [, { Properties }] of permissions) {
      expect(['apigateway.amazonaws.com', 'events.amazonaws.com', 'logs.amazonaws.com']).toContain(
        Properties.Principal,
      );
      expect(JSON.stringify(Properties.SourceArn)).not.toContain('*');
      expect(Properties.SourceArn).toBeDefined();
    }
  });
});

function statementsOf(name: FunctionName): readonly Statement[] {
  return template.function(name).role.Properties.Policies[0].PolicyDocument.Statement;
}

/** Action → the resources, by the beginnings of their logical ids. */
function permissionsOf(name: FunctionName): Record<string, string[]> {
  const permissions: Record<string, string[]> = {};
  for (const { Action, Resource, Effect } of statementsOf(name).slice(1)) {
    expect(Effect).toBe('Allow');
    for (const action of listOf(Action)) {
      const resources = listOf(Resource).map((resource) => nameOf(resource));
      permissions[action] = [...(permissions[action] ?? []), ...resources].sort();
    }
  }
  return permissions;
}

/** Only the resource itself counts: not its indexes, not anything below it. */
function nameOf(resource: unknown): string {
  const { 'Fn::GetAtt': [id, attribute] = [] } = resource as { 'Fn::GetAtt'?: readonly [string, string] };
  if (id === undefined || attribute !== 'Arn') return JSON.stringify(resource);
  return id.replace(/[0-9A-F]{8}$/, '');
}
