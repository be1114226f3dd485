import {
  type AlarmBase,
  AlarmRule,
  type IAlarmRule,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IDependable } from 'constructs';
import type { Alarms } from './alarms.ts';
import {
  apiMetric,
  fiveMinutes,
  functionMetric,
  hour,
  jwksRoute,
  type MonitoredResources,
  minute,
  quarterHour,
  sixHours,
} from './metrics.ts';

/** A copy is fresh for at most 50 minutes, and a refresh is tried every five. */
const oldestSeconds = 2 * 60 * 60;

/** Adds the alarms on the documents of One Login, and on how One Login gets our keys. */
export function addDocumentAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  documentRefresh: IDependable,
): void {
  for (const { document } of resources.refreshers) {
    const stale = alarms.add(`document-stale-${document}`, {
      meaning: `The copy of One Login's ${document} document is older than two hours, or its age is unknown.`,
      urgency: 'next-working-day',
      runbook: 'document-stale',
      metric: functionMetric(resources, 'document_age', { document }, quarterHour),
      threshold: oldestSeconds,
      evaluationPeriods: 2,
      // The function writes the age every five minutes. Without it, the document is not refreshed.
      treatMissingData: TreatMissingData.BREACHING,
    });
    // In a new deployment the alarm would start at once if it existed before the first copy.
    stale.node.addDependency(documentRefresh);
  }
  const names = resources.refreshers.map(({ name }) => name);
  alarms.add('refresh-failing', {
    meaning: `For 15 minutes one of these has failed: ${names.join(', ')}. Functions still use the old copy.`,
    urgency: 'next-working-day',
    metric: new MathExpression({
      expression: names.map((_, index) => `FILL(errors${index}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(
        resources.refreshers.map(({ function: refresh }, index) => [
          `errors${index}`,
          refresh.metricErrors({ statistic: 'Sum', ...fiveMinutes }),
        ]),
      ),
      label: 'errors of the functions that fetch documents',
      ...fiveMinutes,
    }),
    // A copy is fresh for up to 50 minutes, in which nothing is tried. Then it is tried every five minutes.
    threshold: 1,
    evaluationPeriods: 3,
  });
  alarms.add('jwks-slow', {
    meaning: 'API Gateway returns your public keys slowly. One Login waits for about half a second.',
    urgency: 'next-working-day',
    // The slowest: One Login fetches them so seldom that a percentile of them means nothing.
    metric: apiMetric(resources, 'Latency', { statistic: 'Maximum', ...quarterHour }, jwksRoute),
    threshold: 500,
    evaluationPeriods: 1,
  });
  alarms.add('jwks-refused', {
    meaning:
      'API Gateway refuses at least half of the requests for your public keys (4xx). Anyone can send such requests.',
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

/**
 * Adds the alarm on our keys, which One Login can't fetch, while the rest of the API works.
 *
 * @returns it
 */
export function addOwnKeysAlarm(alarms: Alarms, resources: MonitoredResources): AlarmBase {
  return alarms.add('jwks-failing', {
    meaning:
      'API Gateway does not return your public keys. Without them One Login cannot verify your requests.',
    urgency: 'now',
    metric: new MathExpression({
      // Not 4XX: anybody can cause those with a content type that API Gateway does not support.
      expression:
        'IF(all - keys - FILL(claimed, 0) >= 2 AND 100 * (all - keys - FILL(claimed, 0)) / requests >= 5, 0, keys)',
      usingMetrics: {
        keys: apiMetric(resources, '5XXError', { statistic: 'Sum', ...quarterHour }, jwksRoute),
        all: apiMetric(resources, '5XXError', { statistic: 'Sum', ...quarterHour }),
        requests: apiMetric(resources, 'Count', { statistic: 'Sum', ...quarterHour }),
        claimed: functionMetric(resources, 'claimed_5xx', {}, quarterHour),
      },
      label: '5xx of our keys, where other requests succeed',
      ...quarterHour,
    }),
    // A user of each is stopped on a page of One Login. Two, which are two runs of the canary.
    threshold: 2,
    evaluationPeriods: 1,
  });
}

/**
 * Adds the alarms on keys that One Login does not publish.
 *
 * @param burning whether too many sign-ins fail
 * @returns the alarms
 */
export function addKeyAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  burning: IAlarmRule,
): readonly AlarmBase[] {
  // One or two are users who come back in the seconds of a rotation.
  const three = { threshold: 3, evaluationPeriods: 1, runbook: 'unknown-key' } as const;
  const idToken = alarms.addSignal('id-token-keys-unknown', {
    ...three,
    meaning: 'At least 3 ID tokens in 6 hours are signed with a key that One Login does not publish.',
    partOf: 'unknown-key-id-token',
    // The longest window of the burn rates, so that the page stays for as long as they burn.
    metric: functionMetric(resources, 'refused', { code: 'id_token_key_unknown' }, sixHours),
  });
  const found: AlarmBase[] = [
    alarms.addCombined('unknown-key-id-token', {
      meaning: 'Sign-ins fail, because ID tokens are signed with a key that One Login does not publish.',
      runbook: 'unknown-key',
      rule: AlarmRule.allOf(burning, idToken),
    }),
  ];
  if (!resources.refreshers.some(({ document }) => document === 'did')) return found;
  found.push(
    alarms.add('unknown-key-core-identity', {
      ...three,
      meaning: 'At least 3 core identities in an hour are signed with a key that One Login does not publish.',
      urgency: 'now',
      // Few users prove their identity, so that their failures need not be too many of all.
      metric: functionMetric(resources, 'refused', { code: 'core_identity_key_unknown' }, hour),
    }),
  );
  return found;
}

/** Adds the alarms on One Login's notifications that a user signed out. */
export function addLogoutAlarms(
  alarms: Alarms,
  resources: MonitoredResources,
  heldBackBy: readonly AlarmBase[],
): void {
  const signal = alarms.addSignal('logout-failing', {
    meaning:
      'Sign-out notifications of One Login are lost: they fail here, or their signature is valid and they are refused.',
    partOf: 'logouts-failing',
    runbook: 'logout-failing',
    metric: functionMetric(resources, 'logout_failed', {}, minute),
    threshold: 1,
    // One Login tries three times. Three hours, so that the alarm stays where few users sign out.
    evaluationPeriods: 180,
    datapointsToAlarm: 3,
  });
  alarms.addCombined('logouts-failing', {
    meaning:
      'Users who signed out elsewhere stay signed in here, because notifications of One Login are lost.',
    runbook: 'logout-failing',
    rule: signal,
    heldBackBy,
  });
  alarms.add('logout-tokens-refused', {
    meaning: 'In an hour all sign-out notifications were refused, at least 20. Anyone can make them up.',
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
