import { expect, test } from '@jest/globals';
import { longestCallbackMilliseconds } from '../../bin/revoke/end-every-session.ts';
import { buildAuditLogGroupPrefix, buildSessionsTablePrefix } from '../../bin/revoke/find-resources.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { configOf, synthesise } from './synthesise.ts';

const config = configOf('production.example');
const template = synthesise(config);

/** As CloudFormation names what has no name, up to what it makes up, and without the hash of the construct's path. */
const nameOf = (logicalId: string) => `${buildStackName(config)}-${logicalId.replace(/[0-9A-F]{8}$/, '')}`;

test('the sessions table has the name by which the command that ends sessions looks for it', () => {
  const [id, { Properties }] = template.one('AWS::DynamoDB::Table', 'TablesSessions');

  expect(buildSessionsTablePrefix(config)).toBe(nameOf(id));
  expect(Properties).not.toHaveProperty('TableName');
  expect(template.json.Outputs['SessionsTable']?.Value).toEqual({ Ref: id });
});

test('the log group of the audit trail has the name by which that command looks for it', () => {
  const [id, { Properties }] = template.one('AWS::Logs::LogGroup', 'AuditTrail');

  expect(buildAuditLogGroupPrefix(config)).toBe(nameOf(id));
  expect(Properties).not.toHaveProperty('LogGroupName');
});

test('that command waits longer than a callback can take', () => {
  const { Timeout: seconds } = template.function('callback').function.Properties;

  expect(longestCallbackMilliseconds).toBeGreaterThan(2 * seconds * 1000);
});
