import { describe, expect, test } from '@jest/globals';
import { configOf, listOf, type Statement, synthesise, type Template } from './synthesise.ts';

const signingKeys = [
  { name: 'old', state: 'retire' },
  { name: 'current', state: 'sign' },
  { name: 'next', state: 'publish' },
];
const remover = 'arn:aws:iam::444455556666:role/security/key-administrator';
const production = synthesise(configOf('production.example', { signingKeys }));
const withRemover = synthesise(
  configOf('production.example', { signingKeys, signingKeyDeletionRoles: [remover] }),
);
const integration = synthesise(configOf('integration.example', { signingKeys }));
const account = { AWS: 'arn:aws:iam::444455556666:root' };

/** The statements of a key's policy that are about an action. */
function about(action: string, key: string, template: Template = production): readonly Statement[] {
  const [, { Properties }] = template.one('AWS::KMS::Key', key);
  const statements: readonly Statement[] = Properties.KeyPolicy.Statement;
  return statements.filter(({ Action }) =>
    listOf(Action).some((each) => each === action || each === 'kms:*'),
  );
}

describe('the policy of a signing key', () => {
  test.each(['SigningKeyscurrent', 'SigningKeysnext'])(
    'of %s lets the roles of login and callback sign, by PS256 over a digest, and nobody else',
    (key) => {
      const signers = 'arn:aws:iam::444455556666:role/one-login/apply-for-a-licence/signs/*';

      expect(about('kms:Sign', key)).toEqual([
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

  test('of a key that is retired lets nobody sign', () => {
    expect(about('kms:Sign', 'SigningKeysold')).toEqual([]);
  });

  test('knows login and callback by the path of their roles, which no other role has', () => {
    const paths = production
      .ofType('AWS::IAM::Role')
      .filter(([, { Properties }]) => Properties.Path !== undefined)
      .map(([id, { Properties }]) => [id.replace(/Role[0-9A-F]{8}$/, ''), Properties.Path]);

    expect(paths).toEqual([
      ['Functionslogin', '/one-login/apply-for-a-licence/signs/'],
      ['Functionscallback', '/one-login/apply-for-a-licence/signs/'],
    ]);
  });

  test('lets nobody hand out permission to sign by a grant', () => {
    for (const { name } of signingKeys) {
      expect(about('kms:CreateGrant', `SigningKeys${name}`)).toEqual([]);
    }
  });

  test('lets nobody schedule its deletion in production, not the role that deploys either', () => {
    for (const { name } of signingKeys) {
      expect(about('kms:ScheduleKeyDeletion', `SigningKeys${name}`)).toEqual([]);
    }
  });

  test('lets the roles of the config schedule its deletion in production', () => {
    for (const { name } of signingKeys) {
      expect(about('kms:ScheduleKeyDeletion', `SigningKeys${name}`, withRemover)).toMatchObject([
        { Effect: 'Allow', Principal: account, Condition: { ArnEquals: { 'aws:PrincipalArn': [remover] } } },
      ]);
    }
  });

  test('lets the account delete it elsewhere, so that a stack can be destroyed', () => {
    for (const { name } of signingKeys) {
      const [statement, ...others] = about('kms:ScheduleKeyDeletion', `SigningKeys${name}`, integration);

      expect(statement).toMatchObject({
        Effect: 'Allow',
        Principal: { AWS: expect.stringContaining(':root') },
      });
      expect(statement).not.toHaveProperty('Condition');
      expect(others).toEqual([]);
    }
  });

  test.each(['kms:PutKeyPolicy', 'kms:DisableKey', 'kms:GetPublicKey', 'kms:DescribeKey'])(
    'leaves %s to the account, so that the key can be looked after',
    (action) => {
      const statements = about(action, 'SigningKeyscurrent');

      expect(statements).toMatchObject([{ Effect: 'Allow', Principal: account }]);
      expect(statements[0]).not.toHaveProperty('Condition');
    },
  );
});

describe('the data key', () => {
  test('encrypts every table and every log group', () => {
    const [id] = production.one('AWS::KMS::Key', 'DataKey');
    const key = { 'Fn::GetAtt': [id, 'Arn'] };
    const tables = production.ofType('AWS::DynamoDB::Table');
    const logGroups = production.ofType('AWS::Logs::LogGroup');

    expect(tables).toHaveLength(3);
    for (const [, { Properties }] of tables) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key });
    }
    expect(logGroups.length).toBeGreaterThan(9);
    for (const [, { Properties }] of logGroups) expect(Properties.KmsKeyId).toEqual(key);
  });

  test('is renewed every year, and goes with what it encrypts', () => {
    const [, key] = production.one('AWS::KMS::Key', 'DataKey');

    expect(key.Properties).toMatchObject({ EnableKeyRotation: true });
    expect(key).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('serves CloudWatch Logs for the log groups of this stack only', () => {
    const statements = about('kms:GenerateDataKey', 'DataKey').filter(({ Action }) => Action !== 'kms:*');

    expect(statements).toMatchObject([
      {
        Principal: { Service: 'logs.eu-west-2.amazonaws.com' },
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              {
                'Fn::Join': [
                  '',
                  ['arn:aws:logs:eu-west-2:444455556666:log-group:', { Ref: 'AWS::StackName' }, '-*'],
                ],
              },
              {
                'Fn::Join': [
                  '',
                  ['arn:aws:logs:eu-west-2:444455556666:log-group:aws-waf-logs-', { Ref: 'AWS::StackName' }],
                ],
              },
            ],
          },
        },
      },
    ]);
  });

  test('has log groups named after the stack, by which the key knows them', () => {
    for (const [id, { Properties }] of production.ofType('AWS::Logs::LogGroup')) {
      expect([id, Properties.LogGroupName]).toEqual([
        id,
        id.startsWith('Firewall') ? 'aws-waf-logs-one-login-apply-for-a-licence' : undefined,
      ]);
    }
  });
});
