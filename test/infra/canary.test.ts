import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { canarySteps } from '../../lambdas/telemetry/metrics.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import {
  buildTestConfig,
  findFunction,
  findResource,
  findRole,
  listResources,
  listStatements,
  readVariables,
  synthesise,
} from './synthesise.ts';

const production = synthesise(buildTestConfig('production.example'));
const botControl = { managedRuleGroups: ['AWSManagedRulesBotControlRuleSet'] };

const hasCanary = (template: Template) =>
  listResources(template, 'AWS::Lambda::Function').some((each) => readFunctionName(each) === 'canary');
const listAlarms = (template: Template) =>
  listResources(template, 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
    /\.canary-/.test(Properties.AlarmName),
  );

describe('a deployment', () => {
  it.each([
    ['in production', 'production.example', {}, true],
    ['in production with a firewall against bots', 'production.example', { firewall: botControl }, false],
    ['in production whose config switches it off', 'production.example', { canary: false }, false],
    ['in integration', 'integration.example', {}, false],
    ['in integration whose config switches it on', 'integration.example', { canary: true }, true],
    ['on this machine', 'local', {}, false],
  ])(
    '%s has a canary as the config requires, otherwise none of its resources',
    (_, name, changes, expected) => {
      const template = synthesise(buildTestConfig(name, changes));

      expect(hasCanary(template)).toBe(expected);
      expect(listAlarms(template)).toHaveLength(expected ? 3 : 0);
      template.resourceCountIs('Custom::CanaryBegin', expected ? 1 : 0);
      expect(listResources(template, 'AWS::Events::Rule', 'Canary')).toHaveLength(expected ? 1 : 0);
    },
  );
});

describe('the canary', () => {
  const lambda = findFunction(production, 'canary');

  it('runs every five minutes', () => {
    expect(findResource(production, 'AWS::Events::Rule', 'CanarySchedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [lambda.id, 'Arn'] } }],
    });
  });

  it('may only write its log', () => {
    expect(listStatements(findRole(production, 'canary'))).toHaveLength(1);
  });

  it('has no line of its log in the audit trail', () => {
    const { Ref: logGroup } = lambda.Properties.LoggingConfig.LogGroup;
    const subscribed = listResources(production, 'AWS::Logs::SubscriptionFilter').map(
      ({ Properties }) => Properties.LogGroupName.Ref,
    );

    expect(subscribed.length).toBeGreaterThan(0);
    expect(subscribed).not.toContain(logGroup);
  });

  it('examines the sign-in, the identity request and every journey of the config', () => {
    const journeys = [{ name: 'moving-house', vtr: ['Cl.Cm.P2'] }];
    const template = synthesise(buildTestConfig('production.example', { journeys }));

    expect(readVariables(template, 'canary')['CANARY_PATHS']).toBe(
      '["login","prove-identity","prove-identity?journey=moving-house"]',
    );
  });

  it("examines the API's own address when the config has no public URL", () => {
    const changes = {
      publicUrl: undefined,
      cloudFront: undefined,
      firewall: undefined,
      defaultPage: 'https://service.example.gov.uk/',
    };
    const template = synthesise(
      buildTestConfig('production.example', {
        ...changes,
        returnOrigins: ['https://service.example.gov.uk'],
      }),
    );

    expect(readVariables(template, 'canary')['PUBLIC_URL']).toEqual(
      readVariables(template, 'login')['PUBLIC_URL'],
    );
    expect(JSON.stringify(readVariables(template, 'canary')['PUBLIC_URL'])).toContain('.execute-api.');
  });
});

describe('the dashboard', () => {
  const readDashboard = (template: Template) =>
    JSON.stringify(findResource(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody).replaceAll(
      /[\\"]/g,
      '',
    );

  it('shows each step of the canary and the days of the certificate', () => {
    const body = readDashboard(production);

    const shown = canarySteps.filter((step) =>
      body.includes(`canary_step_failed,deployment,apply-for-a-licence,step,${step},`),
    );
    expect(shown).toEqual(canarySteps);
    expect(body).toContain('certificate_days');
  });

  it('shows neither without a canary', () => {
    expect(readDashboard(synthesise(buildTestConfig('integration.example')))).not.toMatch(
      /canary|certificate/,
    );
  });
});

describe('the alarms of the canary', () => {
  const findAlarm = (name: string) => {
    const [only] = listAlarms(production).filter(({ Properties }) =>
      Properties.AlarmName.endsWith(`.${name}`),
    );
    return only;
  };

  it('page the person on call after two failures in three runs, and when no run is recorded', () => {
    const alarm = findAlarm('canary-runs-failed');

    expect(alarm?.Properties).toMatchObject({
      MetricName: 'canary_failed',
      Statistic: 'Maximum',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
      AlarmDescription: expect.stringContaining(
        'Sends no message: part of one-login-apply-for-a-licence.canary-failing.',
      ),
    });
    // In a new deployment it would start at once for the time before the first run.
    expect(alarm?.DependsOn).toEqual([findResource(production, 'Custom::CanaryBegin').id]);
    const calling = findResource(
      production,
      'AWS::CloudWatch::CompositeAlarm',
      'Alarmscanaryfailing',
    ).Properties;
    expect(calling.AlarmDescription).toContain('Act now.');
    expect(JSON.stringify(calling.AlarmRule)).toContain(alarm?.id);
  });

  it('leave keys that come late, and a certificate with less than 30 days, for the next working day', () => {
    const later = { AlarmDescription: expect.stringContaining('Look on the next working day.') };

    expect(findAlarm('canary-jwks-slow')?.Properties).toMatchObject({
      ...later,
      MetricName: 'canary_step_failed',
      Dimensions: expect.arrayContaining([{ Name: 'step', Value: 'jwks_in_time' }]),
      Statistic: 'Maximum',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
    expect(findAlarm('canary-certificate')?.Properties).toMatchObject({
      ...later,
      MetricName: 'certificate_days',
      Statistic: 'Minimum',
      Period: 3600,
      Threshold: 30,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});
