import { type AlarmBase, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IDependable } from 'constructs';
import type { Alarms } from './alarms.ts';
import {
  apiMetric,
  fiveMinutes,
  functionMetric,
  hour,
  jwksRoute,
  type MonitoredResources,
  quarterHour,
} from './metrics.ts';

/** A copy is fresh for at most 50 minutes, and a refresh is tried every five. */
const oldestSeconds = 2 * 60 * 60;

/** Adds the alarms on the documents of One Login, and on the keys that One Login fetches from us. */
export function addDocumentAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  documentRefresh: IDependable,
): void {
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
      meaning: `For a quarter of an hour the function ${name} has failed. Functions still trust the old copy.`,
      urgency: 'next-working-day',
      runbook: 'refresh-failing',
      metric: refresh.metricErrors({ statistic: 'Sum', ...fiveMinutes }),
      // A copy is fresh for up to 50 minutes, in which nothing is tried. Then it is tried every five minutes.
      threshold: 1,
      evaluationPeriods: 3,
    });
  }
  alarms.add('jwks-failing', {
    meaning:
      'API Gateway does not return our public keys. Without them One Login can verify no request of ours.',
    urgency: 'now',
    // Not 4XX: anybody can cause those with a content type that API Gateway does not support.
    metric: apiMetric(resources, '5XXError', { statistic: 'Sum', ...quarterHour }, jwksRoute),
    // A user of each is stopped on a page of One Login.
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.add('jwks-slow', {
    meaning: 'API Gateway returned our public keys slowly. One Login waits half a second for them.',
    urgency: 'next-working-day',
    // The slowest: One Login fetches them so seldom that a percentile of them means nothing.
    metric: apiMetric(resources, 'Latency', { statistic: 'Maximum', ...quarterHour }, jwksRoute),
    threshold: 500,
    evaluationPeriods: 1,
  });
  alarms.add('jwks-refused', {
    meaning:
      'API Gateway refuses most requests for our public keys (4xx). Anyone can send requests that it refuses.',
    urgency: 'next-working-day',
    runbook: 'requests-refused',
    metric: new MathExpression({
      expression: 'IF(refused >= 3, 100 * refused / requests, 0)',
      usingMetrics: {
        refused: apiMetric(resources, '4XXError', { statistic: 'Sum', ...hour }, jwksRoute),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...hour }, jwksRoute),
      },
      label: '4xx, % of the requests for our keys',
      ...hour,
    }),
    // A few odd requests among good ones come from programs of others.
    threshold: 50,
    evaluationPeriods: 1,
  });
}

/** Adds the alarms on keys that One Login does not publish. @returns them */
export function addKeyAlarms(alarms: Alarms, resources: MonitoredResources): readonly AlarmBase[] {
  const identity = resources.refreshers.some(({ document }) => document === 'did');
  const kinds = [
    ['id-token', 'ID tokens', 'id_token_key_unknown'],
    ...(identity ? ([['core-identity', 'Core identities', 'core_identity_key_unknown']] as const) : []),
  ] as const;
  return kinds.map(([name, what, code]) =>
    alarms.add(`unknown-key-${name}`, {
      meaning: `${what} are signed with a key that One Login does not publish.`,
      urgency: 'now',
      runbook: 'unknown-key',
      metric: functionMetric(resources, 'refused', { code }, quarterHour),
      // One or two are users who come back in the seconds of a rotation.
      threshold: 3,
      evaluationPeriods: 1,
    }),
  );
}

/** Adds the alarms on One Login's notifications that a user signed out. */
export function addLogoutAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): void {
  const signal = alarms.addSignal('logout-failing', {
    meaning:
      'Notifications of One Login are lost: they fail here, or One Login has signed them and we refuse them.',
    partOf: 'logouts-failing',
    runbook: 'logout-failing',
    metric: functionMetric(resources, 'logout_failed', {}, hour),
    // One Login tries three times.
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.addCombined('logouts-failing', {
    meaning: 'Users who signed out elsewhere stay signed in here: notifications of One Login are lost.',
    runbook: 'logout-failing',
    rule: signal,
    heldBackBy,
  });
  alarms.add('logout-tokens-refused', {
    meaning:
      'All logout notifications are refused, and nothing shows that One Login sent them. Anyone can make them up.',
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
    // Fewer are harmless tries.
    threshold: 20,
    evaluationPeriods: 1,
  });
}
