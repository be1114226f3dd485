import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import {
  buildTestConfig,
  findResource,
  listResources,
  listStatements,
  type Statement,
  synthesise,
  toList,
} from './synthesise.ts';

const signingKeys = [
  { name: 'old', state: 'retire' },
  { name: 'current', state: 'sign' },
  { name: 'next', state: 'publish' },
];
const deleter = 'arn:aws:iam::444455556666:role/security/key-administrator';
const production = synthesise(buildTestConfig('production.example', { signingKeys }));
const withDeleter = synthesise(
  buildTestConfig('production.example', { signingKeys, signingKeyDeletionRoles: [deleter] }),
);
const integration = synthesise(buildTestConfig('integration.example', { signingKeys }));
const account = { AWS: 'arn:aws:iam::444455556666:root' };
const allKeys = signingKeys.map(({ name }) => `SigningKeys${name}`);

/** Lists the statements of a key's policy that cover an action. */
function listStatementsFor(action: string, key: string, template = production): readonly Statement[] {
  return listStatements(findResource(template, 'AWS::KMS::Key', key)).filter(({ Action }) =>
    toList(Action).some((each) => each === action || each === 'kms:*'),
  );
}

describe('the policy of a signing key', () => {
  it.each(['SigningKeyscurrent', 'SigningKeysnext'])(
    'allows only the roles of login and callback to sign, with PS256 over a digest: %s',
    (key) => {
      const signers = 'arn:aws:iam::444455556666:role/one-login/apply-for-a-licence/signs/*';

      expect(listStatementsFor('kms:Sign', key)).toEqual([
        {
          Sid: 'LoginAndCallbackSign',
          Effect: 'Allow',
          Principal: account,
          Action: 'kms:Sign',
          Resource: '*',
          Condition: {
            ArnLike: { 'aws:PrincipalArn': signers },
            StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256', 'kms:MessageType': 'DIGEST' },
          },
        },
      ]);
    },
  );

  it('matches the path of the roles of login and callback, which no other role has', () => {
    const paths = listResources(production, 'AWS::IAM::Role')
      .filter(({ Properties }) => Properties.Path !== undefined)
      .map(({ id, Properties }) => [id.replace(/Role[0-9A-F]{8}$/, ''), Properties.Path]);

    expect(paths).toEqual([
      ['Functionslogin', '/one-login/apply-for-a-licence/signs/'],
      ['Functionscallback', '/one-login/apply-for-a-licence/signs/'],
    ]);
  });

  it('allows no role to sign with a retired key', () => {
    expect(listStatementsFor('kms:Sign', 'SigningKeysold')).toEqual([]);
  });

  // id: signing-grants-denied
  it.each(allKeys)('allows no role to grant permission to sign: %s', (key) => {
    expect(listStatementsFor('kms:CreateGrant', key)).toEqual([]);
  });

  // id: key-deletion-denied
  it.each(allKeys)(
    'allows no role in production to schedule deletion, including the role that deploys: %s',
    (key) => {
      expect(listStatementsFor('kms:ScheduleKeyDeletion', key)).toEqual([]);
    },
  );

  it.each(allKeys)('allows the roles of the config to schedule deletion in production: %s', (key) => {
    expect(listStatementsFor('kms:ScheduleKeyDeletion', key, withDeleter)).toMatchObject([
      { Effect: 'Allow', Principal: account, Condition: { ArnEquals: { 'aws:PrincipalArn': [deleter] } } },
    ]);
  });

  it.each<[string, string, Template]>([
    ...allKeys.map((key) => ['kms:ScheduleKeyDeletion', key, integration] as [string, string, Template]),
    ...['kms:PutKeyPolicy', 'kms:DisableKey', 'kms:GetPublicKey', 'kms:DescribeKey'].map(
      (action) => [action, 'SigningKeyscurrent', production] as [string, string, Template],
    ),
  ])('delegates %s to the account, for %s', (action, key, template) => {
    const statements = listStatementsFor(action, key, template);

    expect(statements).toMatchObject([
      { Effect: 'Allow', Principal: { AWS: expect.stringMatching(/^arn:aws:iam::\d{12}:root$/) } },
    ]);
    expect(statements[0]).not.toHaveProperty('Condition');
  });
});

describe('the data key', () => {
  // id: data-key-everywhere
  it('encrypts every table and every log group', () => {
    const key = { 'Fn::GetAtt': [findResource(production, 'AWS::KMS::Key', 'DataKey').id, 'Arn'] };

    production.resourceCountIs('AWS::DynamoDB::Table', 3);
    production.allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
    });
    expect(listResources(production, 'AWS::Logs::LogGroup').length).toBeGreaterThan(9);
    production.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
  });

  it('is rotated every year, and deleted with the stack', () => {
    expect(findResource(production, 'AWS::KMS::Key', 'DataKey')).toMatchObject({
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  it('may be used by CloudWatch Logs for the log groups of this stack only', () => {
    const statements = listStatementsFor('kms:GenerateDataKey', 'DataKey').filter(
      ({ Action }) => Action !== 'kms:*',
    );
    const prefix = 'arn:aws:logs:eu-west-2:444455556666:log-group:';

    expect(statements).toMatchObject([
      {
        Principal: { Service: 'logs.eu-west-2.amazonaws.com' },
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              { 'Fn::Join': ['', [prefix, { Ref: 'AWS::StackName' }, '-*']] },
              { 'Fn::Join': ['', [`${prefix}aws-waf-logs-`, { Ref: 'AWS::StackName' }]] },
            ],
          },
        },
      },
    ]);
  });

  it('has log groups with names that begin with the name of the stack, as its policy requires', () => {
    for (const { id, Properties } of listResources(production, 'AWS::Logs::LogGroup')) {
      expect([id, Properties.LogGroupName]).toEqual([
        id,
        id.startsWith('Firewall') ? 'aws-waf-logs-one-login-apply-for-a-licence' : undefined,
      ]);
    }
  });
});
