import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { metrics } from '../../lambdas/telemetry/metrics.ts';
import { savedQueries } from '../../lib/monitoring/saved-queries.ts';
import { configOf, synthesise } from './synthesise.ts';

const docs = new URL('../../docs/operations/', import.meta.url);
const runbookFiles = readdirSync(new URL('runbooks/', docs));
const runbooks = new Map(runbookFiles.map((file) => [file, read(`runbooks/${file}`)]));
const monitoringPage = read('monitoring.md');

/** With identities and authorizers: every alarm that there is. */
const config = configOf('production.example');
const template = synthesise(config);
const plain = synthesise(configOf('local', { identity: undefined, authorizers: [] }));
const alarms = template
  .ofType('AWS::CloudWatch::Alarm')
  .map(([id, { Properties }]) => ({ id, ...Properties }));
const dashboard = JSON.stringify(template.one('AWS::CloudWatch::Dashboard')[1].Properties.DashboardBody);

function read(path: string): string {
  return readFileSync(new URL(path, docs), 'utf8');
}

/** The file that an alarm's description names. */
function runbookOf({ AlarmDescription: description }: { AlarmDescription: string }): string {
  return /Runbook: docs\/operations\/runbooks\/([\w-]+\.md)$/.exec(description)?.[1] ?? '';
}

function queriesIn(text: string): readonly string[] {
  return [...text.matchAll(/\bquery `([^`]+)`/gi)].map(([, name = '']) => name);
}

describe('alarms and runbooks', () => {
  test('no alarm is without a runbook', () => {
    const without = alarms.filter((alarm) => !runbooks.has(runbookOf(alarm)));
    expect(without.map(({ AlarmName }) => AlarmName)).toEqual([]);
  });

  test('no runbook is without an alarm', () => {
    const used = new Set(alarms.map(runbookOf));
    expect(runbookFiles.filter((file) => !used.has(file))).toEqual([]);
  });

  test.each(runbookFiles)('%s says symptom, meaning, first look and cure, none of them empty', (file) => {
    const sections = (runbooks.get(file) ?? '').split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual([
      'Symptom',
      'Meaning',
      'First look',
      'Cure',
    ]);
    for (const section of sections) expect(section.split('\n').slice(1).join('').length).toBeGreaterThan(60);
  });

  test('both say the same about how urgent it is', () => {
    for (const alarm of alarms) {
      const urgency = /(Act now|Look on the next working day)\./.exec(alarm.AlarmDescription)?.[0];
      const [, , line] = (runbooks.get(runbookOf(alarm)) ?? '').split('\n');
      expect([alarm.AlarmName, line]).toEqual([alarm.AlarmName, urgency]);
    }
  });
});

describe('alarms', () => {
  test('are all listed in docs/operations/monitoring.md', () => {
    for (const file of runbookFiles) expect(monitoringPage).toContain(`(runbooks/${file})`);
  });

  test('take silence for good news, but for the age of documents, which is told all the time', () => {
    const others = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');
    expect(others.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData])).toEqual([
      [expect.stringMatching(/\.document-stale-jwks$/), 'breaching'],
      [expect.stringMatching(/\.document-stale-did$/), 'breaching'],
    ]);
  });

  test('on the age of documents come after the first copy of them', () => {
    const [id = ''] = template.one('Custom::ProviderDocuments', 'ProviderDocumentsJwks');
    const stale = template
      .ofType('AWS::CloudWatch::Alarm')
      .filter(([name]) => name.includes('documentstale'));
    for (const [, { DependsOn }] of stale) expect(DependsOn).toContain(id);
  });

  test('do not ring because of one request, but for what no request can cause', () => {
    const sensitive = alarms.filter(
      ({ Threshold, Statistic, EvaluationPeriods }) =>
        Statistic === 'Sum' && Threshold < 3 && EvaluationPeriods === 1,
    );
    expect(sensitive.map(runbookOf)).toEqual(['audit-trail-incomplete.md', 'audit-trail-incomplete.md']);
  });

  test('watch every function that somebody waits for, and none that is not there', () => {
    const namesIn = (names: readonly string[], kind: string) =>
      names.filter((name) => name.includes(`.${kind}-`)).map((name) => name.split(`.${kind}-`)[1]);
    const routes = ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'];
    const authorizers = ['authorizer-Cl.Cm', 'authorizer-Cl.Cm.P2'];
    const all = alarms.map(({ AlarmName }) => AlarmName);
    expect(namesIn(all, 'function-errors')).toEqual([...routes, 'authorizers']);
    expect(namesIn(all, 'function-slow')).toEqual([...routes, ...authorizers]);
    expect(namesIn(all, 'function-throttled')).toEqual([...routes, ...authorizers, 'collect-audit']);

    const fewer = plain.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName);
    expect(fewer.filter((name) => /authorizer|-did$|core-identity/.test(name))).toEqual([]);
    expect(namesIn(fewer, 'function-errors')).toEqual(routes);
  });

  test('know the timeouts of the functions', () => {
    for (const alarm of alarms.filter(({ AlarmName }) => AlarmName.includes('.function-slow-'))) {
      const { Ref: id } = alarm.Dimensions[0].Value;
      expect(alarm.Threshold).toBe(0.8 * 1000 * template.json.Resources[id]?.Properties.Timeout);
    }
  });

  test('go to the topic in the config', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[config.alarms.topicArn], [config.alarms.topicArn]]);
    }
  });
});

describe('the JWKS', () => {
  test('has metrics of its own, which no other route costs', () => {
    const [, stage] = template.one('AWS::ApiGateway::Stage');
    const measured = stage.Properties.MethodSettings.filter(
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

describe('saved queries', () => {
  const saved = template.ofType('AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);

  test('stand in the folder of their deployment', () => {
    expect(saved.map(({ Name }) => Name).sort()).toEqual(
      Object.keys(savedQueries)
        .map((name) => `one-login-apply-for-a-licence/${name}`)
        .sort(),
    );
  });

  test('read log groups of the stack, whatever those are called', () => {
    for (const { Name, LogGroupNames } of saved) {
      const types = LogGroupNames.map(({ Ref }: { Ref: string }) => template.json.Resources[Ref]?.Type);
      expect([Name, new Set(types)]).toEqual([Name, new Set(['AWS::Logs::LogGroup'])]);
    }
  });

  test('find a reference number in every log, so that nobody has to know which, by what request ids begin with', () => {
    const { LogGroupNames, QueryString } = saved.find(({ Name }) => Name.endsWith('/by-reference'));
    const all = template.ofType('AWS::Logs::LogGroup').map(([id]) => id);
    // Functions that run at deployments only serve no request. What the firewall refuses is in the access log as well.
    expect(LogGroupNames.map(({ Ref }: { Ref: string }) => Ref).sort()).toEqual(
      all.filter((id) => !/publishjwks|reserveconcurrency|^Firewall/.test(id)).sort(),
    );
    expect(QueryString).toContain('filter request_id like /(?i)^PASTE-THE-REFERENCE-NUMBER-HERE/');
  });

  test('exist, all that runbooks and documentation name', () => {
    for (const [file, text] of [...runbooks, ['monitoring.md', monitoringPage]] as const) {
      const unknown = queriesIn(text).filter((name) => !Object.hasOwn(savedQueries, name));
      expect([file, unknown]).toEqual([file, []]);
    }
  });

  test('are named by each runbook that has something to look up', () => {
    const without = [...runbooks].filter(([, text]) => queriesIn(text).length === 0).map(([file]) => file);
    // What they look up is not in these logs.
    expect(without.sort()).toEqual(['foreign-signature.md', 'jwks-slow.md']);
  });

  test('are all explained', () => {
    for (const name of Object.keys(savedQueries)) expect(monitoringPage).toContain(`\`${name}\``);
  });
});

describe('metrics', () => {
  test('are each looked at, on the dashboard or by an alarm: nobody pays for others', () => {
    const looked = dashboard + JSON.stringify(alarms);
    const unseen = Object.keys(metrics).filter((name) => !new RegExp(`\\b${name}\\b`).test(looked));
    expect(unseen).toEqual([]);
  });

  test('that the dashboard and the alarms read are those of this deployment', () => {
    const own = JSON.stringify(alarms).match(/"Name":"deployment","Value":"[^"]*"/g);
    expect(new Set(own)).toEqual(new Set(['"Name":"deployment","Value":"apply-for-a-licence"']));
  });
});

test('the dashboard shows the state of every alarm', () => {
  for (const { id } of alarms) expect(dashboard).toContain(id);
});
