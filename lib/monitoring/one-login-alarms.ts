import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { IDependable } from 'constructs';
import type { Alarms } from './alarms.ts';
import { functionMetric, jwksMetric, type Watched } from './watched.ts';

const quarterHour = { period: Duration.minutes(15) } as const;
const hour = { period: Duration.hours(1) } as const;

/** A copy is fresh for 50 minutes at most, and a refresh is tried every five. */
const oldestSeconds = 2 * 60 * 60;

/** Alarms on what One Login tells us (its documents, its notifications) and on what it must get from us (our keys). */
export function addOneLoginAlarms(alarms: Alarms, watched: Watched, documentsFetched: IDependable): void {
  addKeyAlarms(alarms, watched);
  for (const { name, document, function: refresh } of watched.refreshers) {
    const stale = alarms.add(`document-stale-${document}`, {
      meaning: `The copy of One Login's ${document} document is older than two hours, or nobody looks after it.`,
      urgency: 'next-working-day',
      runbook: 'document-stale',
      metric: functionMetric(watched, 'document_age', { document }, quarterHour),
      threshold: oldestSeconds,
      evaluationPeriods: 2,
      // Its age is told every five minutes. Silence is what the alarm is for.
      treatMissingData: TreatMissingData.BREACHING,
    });
    // A new deployment has a copy before it has an alarm, which would ring at once otherwise.
    stale.node.addDependency(documentsFetched);
    alarms.add(`refresh-failing-${document}`, {
      meaning: `For half an hour the function ${name} has failed. The old copy goes on being trusted.`,
      urgency: 'next-working-day',
      runbook: 'refresh-failing',
      metric: refresh.metricErrors({ statistic: 'Sum', ...quarterHour }),
      threshold: 3,
      evaluationPeriods: 2,
    });
  }
  addLogoutAlarms(alarms, watched);
  alarms.add('jwks-failing', {
    meaning:
      'API Gateway does not give out our public keys. One Login can verify no request of ours without.',
    urgency: 'now',
    // Not 4XX: anybody can get those, by a content type that API Gateway does not know.
    metric: jwksMetric(watched, '5XXError', { statistic: 'Sum', ...quarterHour }),
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.add('jwks-slow', {
    meaning: 'Our public keys take long to come. One Login waits for them for half a second.',
    urgency: 'next-working-day',
    metric: jwksMetric(watched, 'Latency', { statistic: 'p90', ...quarterHour }),
    threshold: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    // Of two or three requests a percentile says nothing.
    evaluateLowSampleCountPercentile: 'ignore',
  });
}

function addKeyAlarms(alarms: Alarms, watched: Watched): void {
  const identity = watched.refreshers.some(({ document }) => document === 'did');
  const kinds = [
    ['id-token', 'ID tokens', 'id_token_key_unknown'],
    ...(identity ? ([['core-identity', 'Core identities', 'core_identity_key_unknown']] as const) : []),
  ] as const;
  for (const [name, what, code] of kinds) {
    alarms.add(`unknown-key-${name}`, {
      meaning: `${what} come signed with a key that One Login does not publish.`,
      urgency: 'now',
      runbook: 'unknown-key',
      metric: functionMetric(watched, 'refused', { code }, quarterHour),
      threshold: 3,
      evaluationPeriods: 1,
    });
  }
}

function addLogoutAlarms(alarms: Alarms, watched: Watched): void {
  alarms.add('logout-failing', {
    meaning:
      'Users who signed out elsewhere stay signed in here: notifications of One Login fail on our side.',
    urgency: 'now',
    metric: functionMetric(watched, 'logout_failed', {}, quarterHour),
    // One Login tries three times.
    threshold: 3,
    evaluationPeriods: 1,
  });
  alarms.add('logout-tokens-refused', {
    meaning: 'Not one logout notification is believed. They may be made up, or we expect something wrong.',
    urgency: 'next-working-day',
    metric: new MathExpression({
      // Anybody can post what is refused: as long as genuine ones are accepted, that is of no interest.
      expression: 'IF(accepted < 1, refused, 0)',
      usingMetrics: {
        accepted: functionMetric(watched, 'logout_accepted', {}, hour),
        refused: functionMetric(watched, 'logout_refused', {}, hour),
      },
      label: 'refused, where none was accepted',
      ...hour,
    }),
    threshold: 20,
    evaluationPeriods: 1,
  });
}
