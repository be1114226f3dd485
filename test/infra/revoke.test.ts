import { describe, expect, it } from '@jest/globals';
import { longestCallbackMilliseconds } from '../../bin/revoke/end-every-session.ts';
import { buildAuditLogGroupPrefix, buildSessionsTablePrefix } from '../../bin/revoke/find-resources.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { buildTestConfig, findFunction, findResource, readOutput, synthesise } from './synthesise.ts';

const config = buildTestConfig('production.example');
const template = synthesise(config);

describe('the command one-login revoke', () => {
  it.each([
    [
      'sessions table',
      buildSessionsTablePrefix,
      'AWS::DynamoDB::Table',
      'TablesSessions',
      'TableName',
      'SessionsTable',
    ],
    [
      'audit trail',
      buildAuditLogGroupPrefix,
      'AWS::Logs::LogGroup',
      'AuditTrail',
      'LogGroupName',
      'AuditLogGroup',
    ],
  ] as const)(
    'finds the %s by the name that CloudFormation creates',
    (_, prefix, type, idPrefix, name, output) => {
      const { id, Properties } = findResource(template, type, idPrefix);

      expect(prefix(config)).toBe(`${buildStackName(config)}-${id.replace(/[0-9A-F]{8}$/, '')}`);
      expect(Properties).not.toHaveProperty(name);
      expect(readOutput(template, output)).toEqual({ Ref: id });
    },
  );

  it('waits longer than a callback can take', () => {
    const { Timeout: seconds } = findFunction(template, 'callback').Properties;

    expect(longestCallbackMilliseconds).toBeGreaterThan(2 * seconds * 1000);
  });
});
