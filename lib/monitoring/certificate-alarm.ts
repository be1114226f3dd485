import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import { day } from './metrics.ts';

/**
 * Adds the alarm on the certificate of the API's own host name.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
export function addCertificateAlarm(alarms: Alarms, certificateArn: string): void {
  alarms.add('certificate-expiring', {
    meaning:
      'The certificate of the host name expires in less than 30 days. Then users cannot open the service.',
    urgency: 'next-working-day',
    // AWS writes it twice a day.
    metric: new Metric({
      namespace: 'AWS/CertificateManager',
      metricName: 'DaysToExpiry',
      dimensionsMap: { CertificateArn: certificateArn },
      statistic: 'Minimum',
      ...day,
    }),
    comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    // AWS renews its own certificates 60 days before they end, so that something is wrong by then.
    threshold: 30,
    evaluationPeriods: 1,
    // AWS stops writing it when the certificate has expired, and has not begun to in the first hours.
    treatMissingData: TreatMissingData.IGNORE,
  });
}
