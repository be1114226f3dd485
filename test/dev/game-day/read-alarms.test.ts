import { describe, expect, it } from '@jest/globals';
import { readAlarms } from '../../../dev/game-day/cloudwatch/read-alarms.ts';
import { readDeployment } from '../../../dev/game-day/deployment.ts';
import { buildFullConfig, fronts } from '../../infra/everything-on.ts';
import { buildTestConfig, readTemplate } from '../../infra/synthesise.ts';

describe('the alarms of a template', () => {
  it.each([
    ['the production example', buildTestConfig('production.example')],
    ['the integration example', buildTestConfig('integration.example')],
    ...fronts.map((front) => [`a config with everything on, ${front}`, buildFullConfig(front)] as const),
  ])('are all understood for %s, and each that sends messages links to a runbook', (_, config) => {
    const { Resources } = readTemplate(config);
    const { alarms } = readDeployment(Resources, config.name);
    const count = Object.values(Resources).filter(({ Type }) =>
      /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type),
    );

    expect(alarms.length).toBeGreaterThan(30);
    expect(alarms).toHaveLength(count.length);
    if (config.environment === 'production') {
      expect(alarms.some(({ calls }) => calls === 'page')).toBe(true);
      expect(alarms.some(({ calls }) => calls === 'ticket')).toBe(true);
    }
    expect(alarms.filter(({ calls, runbook }) => calls !== undefined && runbook === undefined)).toEqual([]);
  });

  const usual = {
    AlarmName: 'test.smoke',
    AlarmDescription: 'It burns. Act now. Runbook: https://wiki.example/fire.md',
    AlarmActions: ['topic'],
    Namespace: 'Fire',
    MetricName: 'smoke',
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  };
  const read = (Properties: Readonly<Record<string, unknown>>) =>
    readAlarms({ Smoke: { Type: 'AWS::CloudWatch::Alarm', Properties } });

  it('have the name without the deployment, the urgency and the runbook', () => {
    expect(read(usual)).toMatchObject([
      { name: 'smoke', calls: 'page', runbook: 'fire', treatMissingData: 'missing', datapointsToAlarm: 1 },
    ]);
    expect(read({ ...usual, AlarmDescription: 'Look on the next working day.' })).toMatchObject([
      { calls: 'ticket', runbook: undefined },
    ]);
  });

  it.each([
    [{ ThresholdMetricId: 'band' }, 'the property ThresholdMetricId is unknown'],
    [{ EvaluationWindow: {} }, 'the property EvaluationWindow is unknown'],
    [
      { ComparisonOperator: 'GreaterThanUpperThreshold' },
      'ComparisonOperator GreaterThanUpperThreshold is unknown',
    ],
    [{ TreatMissingData: 'hope' }, 'TreatMissingData hope is unknown'],
    [{ Threshold: undefined }, 'it has no threshold'],
    [{ Period: 10 }, 'Period is 10'],
    [{ Statistic: undefined }, 'it has no statistic'],
    [{ AlarmDescription: 'It burns.' }, 'its description does not contain its urgency'],
    [{ Metrics: [{ Id: 'a', Expression: 'b + 1' }] }, 'a reads b, which is not there'],
    [{ Metrics: [{ Id: 'a', Expression: 'RATE(a)' }] }, 'metric math: the function RATE is unknown'],
    [{ Metrics: [{ Id: 'a', Expression: '1', AccountId: '1' }] }, 'the property AccountId is unknown'],
  ])('are refused with %j', (properties, message) => {
    expect(() => read({ ...usual, ...properties })).toThrow(`Smoke: ${message}`);
  });

  it('are refused when metrics have different periods, or none returns data', () => {
    const stat = (Id: string, Period: number, ReturnData: boolean) => ({
      Id,
      ReturnData,
      MetricStat: { Metric: { Namespace: 'Fire', MetricName: Id }, Period, Stat: 'Sum' },
    });

    expect(() => read({ ...usual, Metrics: [stat('a', 60, true), stat('b', 300, false)] })).toThrow(
      'its metrics have several periods',
    );
    expect(() => read({ ...usual, Metrics: [stat('a', 60, false)] })).toThrow(
      'not exactly one metric returns data',
    );
  });

  it('are refused when a rule reads an alarm that is not there, or itself', () => {
    const composite = (rule: string) => () =>
      readAlarms({
        A: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmName: 'test.a', AlarmRule: rule } },
      });

    expect(composite('ALARM("B")')).toThrow('A: it reads the alarm B, which is not there');
    expect(composite('ALARM("A")')).toThrow('A: its rule reads itself');
  });
});
