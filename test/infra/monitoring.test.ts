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
const dashboard = JSON.stringify(
  findResource(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody,
);

/** @returns the file of the runbook in an alarm's description */
function readRunbookFile({ AlarmDescription: description }: { AlarmDescription: string }): string {
  return /Runbook: docs\/operations\/runbooks\/([\w-]+\.md)$/.exec(description)?.[1] ?? '';
}

function listQueries(text: string): readonly string[] {
  return [...text.matchAll(/\bquery `([^`]+)`/gi)].map(([, name = '']) => name);
}

describe('the runbooks', () => {
  it('are those of the alarms, all listed in docs/operations/monitoring.md', () => {
    expect([...new Set(alarms.map(readRunbookFile))].sort()).toEqual([...runbookFiles].sort());
    for (const file of runbookFiles) expect(monitoringPage).toContain(`(runbooks/${file})`);
  });

  it.each(runbookFiles)('have sections for symptom, meaning, first look and cure: %s', (file) => {
    const sections = (runbooks.get(file) ?? '').split(/^## /m).slice(1);
    const titles = sections.map((section) => section.split('\n')[0]);

    expect(titles).toEqual(['Symptom', 'Meaning', 'First look', 'Cure']);
    for (const section of sections) expect(section.split('\n').slice(1).join('').length).toBeGreaterThan(60);
  });

  it('have the same urgency as their alarms', () => {
    for (const alarm of alarms) {
      const urgency = /(Act now|Look on the next working day)\./.exec(alarm.AlarmDescription)?.[0];
      const [, , line] = (runbooks.get(readRunbookFile(alarm)) ?? '').split('\n');
      expect([alarm.AlarmName, line]).toEqual([alarm.AlarmName, urgency]);
    }
  });

  it('name saved queries, except where the logs contain nothing about the alarm', () => {
    const without = [...runbooks].filter(([, text]) => listQueries(text).length === 0).map(([file]) => file);

    expect(without.sort()).toEqual(['certificate-expiring.md', 'foreign-signature.md', 'jwks-slow.md']);
  });
});

describe('the alarms', () => {
  it('treat missing data as good, except of the canary and on the age of documents, which are always there', () => {
    const others = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');

    expect(others.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData])).toEqual([
      [expect.stringMatching(/\.document-stale-jwks$/), 'breaching'],
      [expect.stringMatching(/\.document-stale-did$/), 'breaching'],
      [expect.stringMatching(/\.canary-failing$/), 'breaching'],
    ]);
  });

  it('on the age of documents are created after the first copy', () => {
    const { id } = findResource(template, 'Custom::ProviderDocuments', 'ProviderDocumentsJwks');
    const stale = alarms.filter(({ AlarmName }) => AlarmName.includes('.document-stale-'));

    for (const { DependsOn } of stale) expect(DependsOn).toContain(id);
  });

  it('do not ring after one request, except for events that no request can cause', () => {
    const sensitive = alarms.filter(
      ({ Threshold, Statistic, EvaluationPeriods }) =>
        Statistic === 'Sum' && Threshold < 3 && EvaluationPeriods === 1,
    );

    expect(sensitive.map(readRunbookFile)).toEqual([
      'audit-trail-incomplete.md',
      'audit-trail-incomplete.md',
    ]);
  });

  it('cover every function with a caller who waits, as far as the deployment has it', () => {
    const listNames = (from: Template, kind: string) =>
      listResources(from, 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties.AlarmName.split(`.${kind}-`)[1])
        .filter((name) => name !== undefined);
    const routes = ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'];
    const authorizers = ['authorizer-Cl.Cm', 'authorizer-Cl.Cm.P2'];
    expect(listNames(template, 'function-errors')).toEqual([...routes, 'authorizers']);
    expect(listNames(template, 'function-slow')).toEqual([...routes, ...authorizers]);
    expect(listNames(template, 'function-throttled')).toEqual([...routes, ...authorizers, 'collect-audit']);

    const plain = synthesise(buildTestConfig('local', { identity: undefined, authorizers: [] }));
    expect(listNames(plain, 'function-errors')).toEqual(routes);
    expect(JSON.stringify(plain.findResources('AWS::CloudWatch::Alarm'))).not.toMatch(
      /authorizer|-did"|core-identity/,
    );
  });

  it('on slow functions have 80 % of the timeout as their threshold', () => {
    for (const alarm of alarms.filter(({ AlarmName }) => AlarmName.includes('.function-slow-'))) {
      const { Properties } = findResource(template, 'AWS::Lambda::Function', alarm.Dimensions[0].Value.Ref);
      expect(alarm.Threshold).toBe(0.8 * 1000 * Properties.Timeout);
    }
  });

  it('notify the topic in the config', () => {
    const actions = [config.alarms.topicArn];

    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: actions, OKActions: actions });
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

    // Some functions run in deployments only, and nobody's request runs the canary. The access log contains the requests that the firewall refuses.
    expect(LogGroupNames.map(({ Ref }: { Ref: string }) => Ref).sort()).toEqual(
      all.filter((id) => !/publishjwks|reserveconcurrency|^Firewall|^Canary/.test(id)).sort(),
    );
    expect(QueryString).toContain('filter request_id like /(?i)^PASTE-THE-REFERENCE-NUMBER-HERE/');
  });

  it('include all that runbooks name, and docs/operations/monitoring.md explains each', () => {
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
    for (const { id } of alarms) expect(dashboard).toContain(id);
  });
});
