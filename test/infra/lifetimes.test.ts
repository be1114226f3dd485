import { describe, expect, test } from '@jest/globals';
import { configOf, functionNames, synthesise } from './synthesise.ts';

const config = configOf('production.example');
const production = synthesise(config);
const integration = synthesise(configOf('integration.example'));

describe('when the stack is deleted', () => {
  test('the signing keys survive in production', () => {
    const keys = production.ofType('AWS::KMS::Key').filter(([id]) => id.startsWith('SigningKeys'));

    expect(keys).toHaveLength(2);
    for (const [, key] of keys) {
      expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('nothing else survives in production', () => {
    const kept = production.resources.filter(
      ([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete',
    );

    expect(kept.map(([id]) => id.slice(0, 11))).toEqual(['SigningKeys', 'SigningKeys']);
  });

  test('nothing survives elsewhere', () => {
    for (const [, { DeletionPolicy = 'Delete' }] of integration.resources)
      expect(DeletionPolicy).toBe('Delete');
  });

  test.each(['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'])('%s says so itself', (type) => {
    for (const [, resource] of production.ofType(type)) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    }
  });
});

test('all log groups have the retention of the config, and the audit trail has one of its own', () => {
  const days = { ...config, logRetentionDays: 14, auditRetentionDays: 731 };
  const logGroups = synthesise(days).ofType('AWS::Logs::LogGroup');

  // One for each function, the access log, and that of the firewall.
  expect(logGroups).toHaveLength(functionNames.length + config.authorizers.length + 2);
  for (const [id, { Properties }] of logGroups) {
    expect(Properties.RetentionInDays).toBe(id.startsWith('AuditTrail') ? 731 : 14);
  }
  expect(config.auditRetentionDays).toBe(400);
});

describe('tables', () => {
  const tables = production.ofType('AWS::DynamoDB::Table');

  test('are three, with the keys that the stores use', () => {
    const schemas = tables.map(([id, { Properties }]) => [
      id.replace(/^Tables|[0-9A-F]{8}$/g, ''),
      Properties.KeySchema.map((key: { AttributeName: string }) => key.AttributeName),
      Properties.TimeToLiveSpecification,
    ]);
    const ttl = { AttributeName: 'expires_at', Enabled: true };

    expect(schemas).toEqual([
      ['LoginAttempts', ['state_hash'], ttl],
      ['Sessions', ['subject_key', 'item'], ttl],
      ['ProviderDocuments', ['partition', 'item'], undefined],
    ]);
  });

  test('are encrypted by KMS and paid by request', () => {
    for (const [, { Properties }] of tables) {
      expect(Properties).toMatchObject({
        SSESpecification: { SSEEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
      });
    }
  });

  test('have no backups to restore revoked sessions from, and no index to read them by', () => {
    for (const [, { Properties }] of tables) {
      expect(Properties.PointInTimeRecoverySpecification).toBeUndefined();
      expect(Properties.GlobalSecondaryIndexes).toBeUndefined();
      expect(Properties.LocalSecondaryIndexes).toBeUndefined();
      expect(Properties.StreamSpecification).toBeUndefined();
    }
  });
});
