import { describe, expect, it } from '@jest/globals';
import { buildTestConfig, functionNames, listResources, synthesise } from './synthesise.ts';

const config = buildTestConfig('production.example');
const production = synthesise(config);
const integration = synthesise(buildTestConfig('integration.example'));

describe('the deletion of a stack', () => {
  // id: only-signing-keys-retained
  it('keeps only the signing keys in production', () => {
    const kept = listResources(production).filter(
      ({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete',
    );

    expect(kept).toHaveLength(2);
    for (const key of kept) {
      expect(key).toMatchObject({
        id: expect.stringMatching(/^SigningKeys/),
        Type: 'AWS::KMS::Key',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('keeps nothing in other environments', () => {
    for (const { DeletionPolicy = 'Delete' } of listResources(integration))
      expect(DeletionPolicy).toBe('Delete');
  });

  it.each(['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'])(
    'deletes resources of the type %s explicitly',
    (type) => {
      production.allResources(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    },
  );
});

describe('log groups', () => {
  // id: log-retention
  it('have the retention of the config, and the audit trail has its own', () => {
    const logGroups = listResources(
      synthesise({ ...config, logRetentionDays: 14, auditRetentionDays: 731 }),
      'AWS::Logs::LogGroup',
    );

    // One for each function and the canary, the access log and the log of the firewall.
    expect(logGroups).toHaveLength(functionNames.length + config.authorizers.length + 3);
    for (const { id, Properties } of logGroups) {
      expect(Properties.RetentionInDays).toBe(id.startsWith('AuditTrail') ? 731 : 14);
    }
    expect(config.auditRetentionDays).toBe(400);
  });
});

describe('the tables', () => {
  const tables = listResources(production, 'AWS::DynamoDB::Table');

  it('have the keys and the time to live that the stores use', () => {
    const schemas = tables.map(({ id, Properties }) => [
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

  // id: no-backups
  it('have no backups with revoked sessions, no index and no stream, and are paid by request', () => {
    for (const { Properties } of tables) {
      for (const property of [
        'PointInTimeRecoverySpecification',
        'GlobalSecondaryIndexes',
        'LocalSecondaryIndexes',
        'StreamSpecification',
      ])
        expect(Properties).not.toHaveProperty(property);
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    }
  });
});
