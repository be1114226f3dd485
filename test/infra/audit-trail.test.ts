import { describe, expect, it } from '@jest/globals';
import { auditEventName } from '../../lambdas/telemetry/logger.ts';
import { buildTestConfig, findFunction, findResource, listResources, synthesise } from './synthesise.ts';

const template = synthesise(buildTestConfig('production.example'));
const collector = findFunction(template, 'collect-audit');
const trail = findResource(template, 'AWS::Logs::LogGroup', 'AuditTrail');
const filters = listResources(template, 'AWS::Logs::SubscriptionFilter');

describe('the audit trail', () => {
  it('reads the log of every function except the canary, which writes no audit lines, and its own collector, which would never end', () => {
    const canary = findFunction(template, 'canary');
    const logGroups = listResources(template, 'AWS::Lambda::Function')
      .filter(({ id }) => id !== collector.id && id !== canary.id)
      .map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref);

    expect(filters.map(({ Properties }) => Properties.LogGroupName.Ref).sort()).toEqual(logGroups.sort());
    expect(logGroups).not.toContain(trail.id);
  });

  it('receives only the lines that the logger marks, through the collector', () => {
    template.allResourcesProperties('AWS::Logs::SubscriptionFilter', {
      FilterPattern: `{ $.event = "${auditEventName}" }`,
      DestinationArn: { 'Fn::GetAtt': [collector.id, 'Arn'] },
    });
  });

  it("is the collector's log, without Lambda's lines about each invocation", () => {
    expect(collector.Properties.LoggingConfig).toEqual({
      LogGroup: { Ref: trail.id },
      LogFormat: 'JSON',
      SystemLogLevel: 'WARN',
    });
  });

  it('keeps its logical id, because another id would be a new, empty trail', () => {
    expect(trail.id).toBe('AuditTrailcollectauditLogs8A8F6085');
  });

  it('has the permission for each log group before CloudFormation creates the filter', () => {
    for (const { Properties, DependsOn } of filters) {
      const permission = listResources(template, 'AWS::Lambda::Permission').find(
        (each) => each.Properties.SourceArn?.['Fn::GetAtt']?.[0] === Properties.LogGroupName.Ref,
      );

      expect(permission?.Properties).toMatchObject({
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [collector.id, 'Arn'] },
        Principal: 'logs.amazonaws.com',
      });
      expect(DependsOn).toEqual([permission?.id]);
    }
  });
});
