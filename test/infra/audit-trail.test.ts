import { describe, expect, test } from '@jest/globals';
import { auditEventName } from '../../lambdas/telemetry/logger.ts';
import { configOf, synthesise } from './synthesise.ts';

const config = configOf('production.example');
const template = synthesise(config);
const { function: collector } = template.function('collect-audit');
const [collectorId] = template.one('AWS::Lambda::Function', 'AuditTrail');
const [trailId] = template.one('AWS::Logs::LogGroup', 'AuditTrail');
const filters = template.ofType('AWS::Logs::SubscriptionFilter');
const logGroupOf = ([, { Properties }]: (typeof filters)[number]): string => Properties.LogGroupName.Ref;

describe('the audit trail', () => {
  test('gets the lines of every function but the one that collects them, which would never end', () => {
    const logGroups = template
      .ofType('AWS::Lambda::Function')
      .filter(([id]) => id !== collectorId)
      .map(([, { Properties }]) => Properties.LoggingConfig.LogGroup.Ref);

    expect(filters.map(logGroupOf).sort()).toEqual(logGroups.sort());
    expect(logGroups).not.toContain(trailId);
  });

  test('gets those lines only that the logger marks', () => {
    for (const [, { Properties }] of filters) {
      expect(Properties.FilterPattern).toBe(`{ $.event = "${auditEventName}" }`);
    }
  });

  test('is the log of the function that gets them', () => {
    expect(collector.Properties.LoggingConfig.LogGroup).toEqual({ Ref: trailId });
    for (const [, { Properties }] of filters) {
      expect(Properties.DestinationArn).toEqual({ 'Fn::GetAtt': [collectorId, 'Arn'] });
    }
  });

  test("has none of Lambda's own lines about each invocation", () => {
    expect(collector.Properties.LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    expect(collector.Properties.LoggingConfig).not.toHaveProperty('ApplicationLogLevel');
  });

  test('is named by an output', () => {
    expect(template.json.Outputs['AuditLogGroup']?.Value).toEqual({ Ref: trailId });
  });

  test('lies where it lay before: another logical id is another, empty trail', () => {
    expect(trailId).toBe('AuditTrailcollectauditLogs8A8F6085');
  });
});

test('each log group may deliver to the audit trail before it is told to', () => {
  for (const filter of filters) {
    const permission = template
      .ofType('AWS::Lambda::Permission')
      .find(([, { Properties }]) => Properties.SourceArn?.['Fn::GetAtt']?.[0] === logGroupOf(filter));

    expect(permission?.[1].Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [collectorId, 'Arn'] },
      Principal: 'logs.amazonaws.com',
    });
    expect(filter[1].DependsOn).toEqual([permission?.[0]]);
  }
});
