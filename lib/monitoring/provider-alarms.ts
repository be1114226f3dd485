import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { IDependable } from 'constructs';
import type { Alarms } from './alarms.ts';
import { apiMetric, functionMetric, jwksRoute, type MonitoredResources, quarterHour } from './metrics.ts';

const hour = { period: Duration.hours(1) } as const;

/** A copy is fresh for at most 50 minutes, and a refresh is tried every five. */
const oldestSeconds = 2 * 60 * 60;

/** Adds the alarms on One Login's documents and notifications, and on the keys that One Login fetches from us. */
export function addOneLoginAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  documentRefresh: IDependable,
): void {
  addKeyAlarms(alarms, resources);
  for (const { name, document, function: refresh } of resources.refreshers) {
    const stale = alarms.add(`document-stale-${document}`, {
      meaning: `The copy of One Login's ${document} document is older than two hours, or its age is unknown.`,
      urgency: 'next-working-day',
      runbook: 'document-stale',
      metric: functionMetric(resources, 'document_age', { document }, quarterHour),
      threshold: oldestSeconds,
      evaluationPeriods: 2,
      // The function writes the age every five minutes. Without it, nobody refreshes the document.
      treatMissingData: TreatMissingData.BREACHING,
    });
    // In a new deployment the alarm would ring at once if it existed before the first copy.
    stale.node.addDependency(documentRefresh);
    alarms.add(`refresh-failing-${document}`, {
      meaning: `For half an hour the function ${name} has failed. Functions still trust the old copy.`,
      urgency: 'next-working-day',
      runbook: 'refresh-failing',
      metric: refresh.metricErrors({ statistic: 'Sum', ...quarterHour }),
      threshold: 3,
      evaluationPeriods: 2,
    });
  }
  addLogoutAlarms(alarms, resources);
  alarms.add('jwks-failing', {
    meaning:
      'API Gateway does not return our public keys. Without them One Login can verify no request of ours.',
    urgency: 'now',
    // Not 4XX: anybody can cause those with a content type that API Gateway does not support.
    metric: apiMetric(resources, '5XXError', { statistic: 'Sum', ...quarterHour }, jwksRoute),
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.add('jwks-slow', {
    meaning: 'API Gateway returns our public keys slowly. One Login waits half a second for them.',
    urgency: 'next-working-day',
    metric: apiMetric(resources, 'Latency', { statistic: 'p90', ...quarterHour }, jwksRoute),
    threshold: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    // A percentile of two or three requests means nothing.
    evaluateLowSampleCountPercentile: 'ignore',
  });
}

function addKeyAlarms(alarms: Alarms, resources: MonitoredResources): void {
  const identity = resources.refreshers.some(({ document }) => document === 'did');
  const kinds = [
    ['id-token', 'ID tokens', 'id_token_key_unknown'],
    ...(identity ? ([['core-identity', 'Core identities', 'core_identity_key_unknown']] as const) : []),
  ] as const;
  for (const [name, what, code] of kinds) {
    alarms.add(`unknown-key-${name}`, {
      meaning: `${what} are signed with a key that One Login does not publish.`,
      urgency: 'now',
      runbook: 'unknown-key',
      metric: functionMetric(resources, 'refused', { code }, quarterHour),
      threshold: 3,
      evaluationPeriods: 1,
    });
  }
}

function addLogoutAlarms(alarms: Alarms, resources: MonitoredResources): void {
  alarms.add('logout-failing', {
    meaning:
      'Users who signed out elsewhere stay signed in here: we fail to process notifications of One Login.',
    urgency: 'now',
    metric: functionMetric(resources, 'logout_failed', {}, quarterHour),
    // One Login tries three times.
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.add('logout-tokens-refused', {
    meaning: 'All logout notifications are refused. They may be forged, or our configuration may be wrong.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      // Anybody can post invalid tokens. They are harmless as long as genuine ones are accepted.
      expression: 'IF(accepted < 1, refused, 0)',
      usingMetrics: {
        accepted: functionMetric(resources, 'logout_accepted', {}, hour),
        refused: functionMetric(resources, 'logout_refused', {}, hour),
      },
      label: 'refused, where none was accepted',
      ...hour,
    }),
    threshold: 20,
    evaluationPeriods: 1,
  });
}
