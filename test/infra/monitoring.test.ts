import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { metrics } from '../../lambdas/telemetry/metrics.ts';
import { savedQueries } from '../../lib/monitoring/saved-queries.ts';
import { buildTestConfig, findResource, listResources, synthesise } from './synthesise.ts';

const docs = new URL('../../docs/operations/', import.meta.url);
const readPage = (path: string) => readFileSync(new URL(path, docs), 'utf8');
const runbookFiles = readdirSync(new URL('runbooks/', docs));
const runbooks = new Map(runbookFiles.map((file) => [file, readPage(`runbooks/${file}`)]));
const monitoringPage = readPage('monitoring.md');

/** With identities and authorizers, and so with all alarms. */
const config = buildTestConfig('production.example');
const template = synthesise(config);
const alarms = listResources(template, 'AWS::CloudWatch::Alarm').map(({ Properties, ...alarm }) => ({
  ...alarm,
  ...Properties,
}));
const combined = listResources(template, 'AWS::CloudWatch::CompositeAlarm').map(
  ({ Properties, ...alarm }) => ({
    ...alarm,
    ...Properties,
  }),
);
/** The alarms that send messages. */
const calling = [...alarms, ...combined].filter(({ AlarmActions }) => AlarmActions !== undefined);
const dashboard = JSON.stringify(
  findResource(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody,
);

/** @returns the file of the runbook in an alarm's description */
function readRunbookFile({ AlarmDescription: description }: { AlarmDescription: string }): string {
  return /Runbook: https:\/\/\S+\/docs\/operations\/runbooks\/([\w-]+\.md)$/.exec(description)?.[1] ?? '';
}

const ownHost = {
  cloudFront: undefined,
  domain: {
    name: 'apply-for-a-licence.service.gov.uk',
    certificateArn: 'arn:aws:acm:eu-west-2:444455556666:certificate/00000000-0000-0000-0000-000000000000',
  },
};

function findCombined(name: string) {
  const found = combined.find(({ AlarmName }) => AlarmName.endsWith(`.${name}`));
  if (found === undefined) throw new Error(`there is no combined alarm ${name}`);
  return found;
}

function listQueries(text: string): readonly string[] {
  return [...text.matchAll(/\bquery `([^`]+)`/gi)].map(([, name = '']) => name);
}

describe('the runbooks', () => {
  // id: alarms-documented
  it('are those of the alarms, all listed in docs/operations/monitoring.md', () => {
    const host = synthesise(buildTestConfig('production.example', { ...ownHost, canary: false }));
    const withoutCanary = [
      ...listResources(host, 'AWS::CloudWatch::Alarm', 'Alarmscertificateexpiring'),
      ...listResources(host, 'AWS::CloudWatch::CompositeAlarm', 'Alarmsapifailing'),
    ];
    const all = [...calling, ...withoutCanary.map(({ Properties }) => Properties)];
    expect([...new Set(all.map(readRunbookFile))].sort()).toEqual([...runbookFiles].sort());
    for (const file of runbookFiles) expect(monitoringPage).toContain(`(runbooks/${file})`);
  });

  it.each(runbookFiles)('have a first look, what to do and who to call: %s', (file) => {
    const [start = '', ...sections] = (runbooks.get(file) ?? '').split(/^## /m);
    const titles = sections.map((section) => section.split('\n')[0]);

    expect(titles).toEqual(['What to do', 'Call']);
    for (const section of sections) expect(section.split('\n').slice(1).join('')).not.toBe('');
    expect(sections[0]).toMatch(/^(1\.|-) /m);
    // After the heading and what users notice, where to look first.
    expect(start.trim().split('\n\n')[2]).toMatch(/^\S.{7}/);
  });

  it('begin with the urgency of their alarms and with what users notice', () => {
    for (const alarm of calling) {
      const urgency = /(Act now|Look on the next working day)\./.exec(alarm.AlarmDescription)?.[0];
      const [, , line] = (runbooks.get(readRunbookFile(alarm)) ?? '').split('\n');
      expect([alarm.AlarmName, line]).toEqual([
        alarm.AlarmName,
        expect.stringMatching(`^${urgency} [A-Z].{10}`),
      ]);
    }
  });

  it('name saved queries, except where the logs contain nothing about the alarm', () => {
    const without = [...runbooks].filter(([, text]) => listQueries(text).length === 0).map(([file]) => file);

    expect(without.sort()).toEqual(['certificate-expiring.md', 'foreign-signature.md', 'jwks-slow.md']);
  });
});

describe('the alarms', () => {
  it('treat missing data as good, except where its absence is the matter, or where a pause changes nothing', () => {
    const others = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');

    expect(others.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData])).toEqual([
      [expect.stringMatching(/\.sign-ins-failing-few$/), 'ignore'],
      [expect.stringMatching(/\.sign-ins-failing-most$/), 'ignore'],
      [expect.stringMatching(/\.canary-runs-failed$/), 'breaching'],
      [expect.stringMatching(/\.starts-in-vain-15m$/), 'ignore'],
      [expect.stringMatching(/\.starts-in-vain-57m$/), 'ignore'],
      [expect.stringMatching(/\.document-stale-jwks$/), 'breaching'],
      [expect.stringMatching(/\.document-stale-did$/), 'breaching'],
    ]);
  });

  it('on the age of documents are created after the first copy', () => {
    const { id } = findResource(template, 'Custom::ProviderDocuments', 'ProviderDocumentsJwks');
    const stale = alarms.filter(({ AlarmName }) => AlarmName.includes('.document-stale-'));

    for (const { DependsOn } of stale) expect(DependsOn).toContain(id);
  });

  it('do not start after one request, except for events that no request can cause', () => {
    const sensitive = alarms.filter(
      ({ Threshold, Statistic, EvaluationPeriods, ComparisonOperator }) =>
        Statistic === 'Sum' &&
        Threshold < 3 &&
        EvaluationPeriods === 1 &&
        ComparisonOperator === 'GreaterThanOrEqualToThreshold',
    );

    expect(sensitive.map(readRunbookFile)).toEqual([
      'audit-trail-incomplete.md',
      'audit-trail-incomplete.md',
    ]);
  });

  it('keep to the limits of CloudWatch', () => {
    for (const { AlarmName, Metrics = [], Period, EvaluationPeriods, AlarmDescription } of alarms) {
      const read = Metrics.filter(({ MetricStat }: { MetricStat?: unknown }) => MetricStat !== undefined);
      const periods = new Set(
        read.map(({ MetricStat }: { MetricStat: { Period: number } }) => MetricStat.Period),
      );
      const [period = Period] = [...periods];
      expect([AlarmName, periods.size <= 1, read.length <= 10]).toEqual([AlarmName, true, true]);
      expect([AlarmName, period % 60, period * EvaluationPeriods <= 86_400]).toEqual([AlarmName, 0, true]);
      expect(JSON.stringify(Metrics)).not.toContain('SEARCH');
      expect(AlarmDescription.length).toBeLessThan(1024);
    }
    // An ARN has at most 200 characters here. A rule may have 10,240.
    for (const { AlarmRule } of combined) {
      expect(JSON.stringify(AlarmRule).length + 200 * AlarmRule['Fn::Join'][1].length).toBeLessThan(10_240);
    }
  });

  it('send no message for what a caller sends or a query string claims', () => {
    const faults = alarms.flatMap(({ Dimensions = [], Metrics = [] }) =>
      [
        ...Dimensions,
        ...Metrics.flatMap(
          (each: { MetricStat?: { Metric: { Dimensions: unknown[] } } }) =>
            each.MetricStat?.Metric.Dimensions ?? [],
        ),
      ].filter(({ Name }) => Name === 'fault'),
    );
    expect(faults.map(({ Value }) => Value)).toEqual(['provider', 'aws', 'configuration']);
  });

  it('have a written objective, whose burn rates are those of docs/operations/monitoring.md', () => {
    const read = (name: string) => alarms.find(({ AlarmName }) => AlarmName.endsWith(`.${name}`));
    const readLong = (name: string) => {
      const { Metrics = [], Threshold } = read(name) ?? {};
      const [{ Expression }, { MetricStat }] = Metrics;
      return [MetricStat.Period, Threshold, Expression];
    };
    const readShort = (name: string) => {
      const { Period, EvaluationPeriods, DatapointsToAlarm, Threshold } =
        read(`sign-ins-failing-${name}`) ?? {};
      return [Period, EvaluationPeriods, DatapointsToAlarm, Threshold];
    };
    const share = (failures: number) => `IF(failures >= ${failures}, 100 * share, 0)`;
    expect(readLong('sign-ins-failing-1h')).toEqual([3_600, 7.2, share(20)]);
    expect(readLong('sign-ins-failing-6h')).toEqual([6 * 3_600, 3, share(5)]);
    expect(readLong('sign-in-budget-day')).toEqual([24 * 3_600, 0.5, share(5)]);
    expect(readShort('5m')).toEqual([300, 3, 1, 0.072]);
    expect(readShort('30m')).toEqual([1_800, 3, 1, 0.03]);
    expect(readShort('few')).toEqual([60, 60, 2, 0.5]);
    expect(monitoringPage).toMatch(
      /1 hour .* 7\.2% \(14\.4 times.*at least 20\n.*6 hours .* 3% \(6 times.*at least 5\n.* 50%, at least 3 .*\n.*24 hours: 0\.5%, at least 5\n/,
    );
  });

  it('on consequences are held back by those on causes', () => {
    const rule = (name: string) => JSON.stringify(findCombined(name).AlarmRule).replaceAll('\\"', '');
    for (const name of ['sign-ins-missing', 'sign-ins-slow', 'canary-failing', 'logouts-failing']) {
      const [, held = ''] = rule(name).split('NOT');
      for (const cause of ['functionsthrottled', 'functionsfailing', 'signinsfailingaws', 'unknownkey']) {
        expect([name, cause, held.includes(cause)]).toEqual([name, cause, true]);
      }
    }
  });

  it('are all listed in docs/operations/monitoring.md, each that sends messages with its level', () => {
    const [, urgent = '', others = ''] = monitoringPage
      .split(/^<!-- generated: (?:urgent|other) alarms -->$/m)
      .map((part) => part.split('<!-- end of generated -->')[0]);
    for (const { AlarmName, AlarmDescription } of calling) {
      const name = `\`${AlarmName.split('.').slice(1).join('.')}\``;
      const expected = AlarmDescription.includes('Act now.') ? [true, false] : [false, true];
      expect([name, urgent.includes(name), others.includes(name)]).toEqual([name, ...expected]);
    }
  });

  it('cover every function with a caller who waits, as far as the deployment has it', () => {
    const listNames = (from: Template, kind: string) =>
      listResources(from, 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties.AlarmName.split(`.${kind}-`)[1])
        .filter((name) => name !== undefined);
    const authorizers = ['authorizer-Cl.Cm', 'authorizer-Cl.Cm.P2'];
    const named = (kind: string) =>
      alarms
        .filter(({ AlarmName }) => AlarmName.endsWith(`.${kind}-others`))
        .flatMap(({ AlarmDescription }) =>
          /: ([^:]*)\. (?:Sends no message|Look on)/.exec(AlarmDescription)?.[1]?.split(', '),
        );
    const signals = ['login', 'callback', 'others'];
    const others = ['userinfo', 'logout', 'backchannel-logout'];
    expect(listNames(template, 'function-errors')).toEqual([...signals, 'authorizers']);
    expect(named('function-errors')).toEqual(others);
    expect(named('function-throttled')).toEqual([...others, ...authorizers]);
    expect(listNames(template, 'function-slow')).toEqual(signals);
    expect(named('function-slow')).toEqual([...others, ...authorizers]);
    expect(listNames(template, 'function-throttled')).toEqual([...signals, 'collect-audit']);

    const plain = synthesise(buildTestConfig('local', { identity: undefined, authorizers: [] }));
    expect(listNames(plain, 'function-errors')).toEqual(signals);
    expect(JSON.stringify(plain.findResources('AWS::CloudWatch::Alarm'))).not.toMatch(
      /authorizer|-did"|core-identity/,
    );
  });

  it('on slow functions have 80% of the timeout as their threshold', () => {
    const readLimit = (id: string) =>
      0.8 * 1000 * findResource(template, 'AWS::Lambda::Function', id).Properties.Timeout;
    const slow = alarms.filter(({ AlarmName }) => AlarmName.includes('.function-slow-'));
    for (const { Dimensions, Metrics = [], Threshold } of slow) {
      if (Dimensions !== undefined) expect(Threshold).toBe(readLimit(Dimensions[0].Value.Ref));
      for (const { Id, MetricStat } of Metrics.slice(1)) {
        const limit = readLimit(MetricStat.Metric.Dimensions[0].Value.Ref);
        expect(Metrics[0].Expression).toContain(`(FILL(${Id}, 0) >= ${limit})`);
      }
    }
    expect(slow.map(({ Metrics = [] }) => Metrics.length)).toEqual([0, 0, 6]);
  });

  // id: alarms-notify-topic
  it('notify the topic in the config when they start, and it gets one message when all urgent ones are over', () => {
    const actions = [config.alarms.topicArn];
    const signals = alarms.filter(({ AlarmDescription }) => AlarmDescription.includes('Sends no message'));

    for (const { AlarmActions } of calling) expect(AlarmActions).toEqual(actions);
    for (const { AlarmActions } of signals) expect(AlarmActions).toBeUndefined();
    expect(calling.length + signals.length + 1).toBe(alarms.length + combined.length);
    const sendTheirEnd = [...alarms, ...combined].filter(({ OKActions }) => OKActions !== undefined);
    expect(sendTheirEnd.map(({ AlarmName }) => AlarmName)).toEqual([expect.stringMatching(/\.urgent$/)]);
    expect(findCombined('urgent').OKActions).toEqual(actions);
    for (const { id } of calling.filter(({ AlarmDescription }) => AlarmDescription.includes('Act now.'))) {
      expect(JSON.stringify(findCombined('urgent').AlarmRule)).toContain(id);
    }
  });
});

describe('the alarm on the certificate of the own host name', () => {
  const listCertificateAlarms = (changes: Readonly<Record<string, unknown>>) =>
    listResources(
      synthesise(buildTestConfig('production.example', { ...ownHost, ...changes })),
      'AWS::CloudWatch::Alarm',
      'Alarmscertificateexpiring',
    );

  it('starts at 30 days, and stays active after the end, when AWS no longer writes the days', () => {
    expect(listCertificateAlarms({ canary: false }).map(({ Properties }) => Properties)).toMatchObject([
      {
        Namespace: 'AWS/CertificateManager',
        MetricName: 'DaysToExpiry',
        Dimensions: [{ Name: 'CertificateArn', Value: ownHost.domain.certificateArn }],
        Statistic: 'Minimum',
        Period: 86_400,
        ComparisonOperator: 'LessThanOrEqualToThreshold',
        Threshold: 30,
        TreatMissingData: 'ignore',
      },
    ]);
  });

  it('is left out where the canary sees the certificate', () => {
    expect(listCertificateAlarms({ canary: true })).toEqual([]);
  });
});

describe('the route of the JWKS', () => {
  it('is the only one with metrics of its own, which cost money', () => {
    const { MethodSettings } = findResource(template, 'AWS::ApiGateway::Stage').Properties;
    const measured = MethodSettings.filter(
      ({ MetricsEnabled }: { MetricsEnabled?: boolean }) => MetricsEnabled === true,
    );

    expect(measured).toMatchObject([{ HttpMethod: 'GET', ResourcePath: '/~1auth~1.well-known~1jwks.json' }]);
    expect(alarms.find(({ AlarmName }) => AlarmName.endsWith('.jwks-slow'))?.Dimensions).toEqual([
      { Name: 'ApiName', Value: 'one-login-apply-for-a-licence' },
      { Name: 'Method', Value: 'GET' },
      { Name: 'Resource', Value: '/auth/.well-known/jwks.json' },
      { Name: 'Stage', Value: 'live' },
    ]);
  });
});

describe('the saved queries', () => {
  const saved = listResources(template, 'AWS::Logs::QueryDefinition').map(({ Properties }) => Properties);

  it('are in the folder of their deployment', () => {
    const folder = 'one-login-apply-for-a-licence';

    expect(saved.map(({ Name }) => Name).sort()).toEqual(
      Object.keys(savedQueries)
        .map((name) => `${folder}/${name}`)
        .sort(),
    );
  });

  it('read log groups of the stack', () => {
    for (const { LogGroupNames } of saved)
      for (const { Ref } of LogGroupNames) findResource(template, 'AWS::Logs::LogGroup', Ref);
  });

  it('find a reference number, the beginning of a request id, in the logs of all requests', () => {
    const { LogGroupNames, QueryString } = saved.find(({ Name }) => Name.endsWith('/by-reference'));
    const all = listResources(template, 'AWS::Logs::LogGroup').map(({ id }) => id);

    // Some functions run in deployments only, and no request runs the canary. The access log contains the requests that the firewall refuses.
    expect(LogGroupNames.map(({ Ref }: { Ref: string }) => Ref).sort()).toEqual(
      all.filter((id) => !/publishjwks|reserveconcurrency|^Firewall|^Canary/.test(id)).sort(),
    );
    expect(QueryString).toContain('filter request_id like /(?i)^PASTE-THE-REFERENCE-NUMBER-HERE/');
  });

  it('include all that runbooks name, and docs/operations/monitoring.md lists each', () => {
    const named = [...runbooks.values(), monitoringPage].flatMap(listQueries);

    expect(Object.keys(savedQueries)).toEqual(expect.arrayContaining(named));
    for (const name of Object.keys(savedQueries)) expect(monitoringPage).toContain(`\`${name}\``);
  });
});

describe('the metrics', () => {
  it('are all on the dashboard or in an alarm, because they cost money', () => {
    const used = dashboard + JSON.stringify(alarms);

    expect(Object.keys(metrics).filter((name) => !new RegExp(`\\b${name}\\b`).test(used))).toEqual([]);
  });

  it('in alarms are those of this deployment', () => {
    const deployments = JSON.stringify(alarms).match(/"Name":"deployment","Value":"[^"]*"/g);

    expect(new Set(deployments)).toEqual(new Set(['"Name":"deployment","Value":"apply-for-a-licence"']));
  });
});

describe('the dashboard', () => {
  it('shows the state of every alarm', () => {
    for (const { id } of [...alarms, ...combined]) expect(dashboard).toContain(id);
  });

  it('begins with the last 15 minutes, urgent alarms and links, whatever the time range', () => {
    const text = findResource(template, 'AWS::CloudWatch::Dashboard')
      .Properties.DashboardBody['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : ''))
      .join('');
    const first = JSON.parse(text).widgets.filter(({ y }: { y: number }) => y === 0);

    expect(first.map(({ properties }: { properties: { title?: string } }) => properties.title)).toEqual([
      'Minutes since the last sign-in',
      'Last 15 minutes: signed in',
      'Last 15 minutes',
      'Urgent alarms',
      undefined,
    ]);
    expect(first.map(({ properties }: { properties: { start?: string } }) => properties.start)).toEqual([
      '-PT3H',
      '-PT15M',
      '-PT15M',
      undefined,
      undefined,
    ]);
    expect(first[3].properties.alarms).toHaveLength(13);
    expect(first[4].properties.markdown).toContain('(https://status.account.gov.uk)');
    expect(first[4].properties.markdown).toMatch(/\[Runbooks\]\(https:\S+docs\/operations\/runbooks\)/);
  });
});
