import { expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { logNotStored, recordAwsAttempts, recordExchanges } from '../../../lambdas/telemetry/observers.ts';

function createLog() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ deployment: 'test', write: (line) => lines.push(JSON.parse(line)) });
  /** The metrics, without the description that CloudWatch needs. */
  const readMetrics = () => {
    logger.flush();
    return lines.map(({ _aws, deployment, ...values }) => values);
  };
  return { logger, lines, readMetrics };
}

test.each(['dynamodb', 'kms'] as const)(
  'the tries of %s are measured, and counted as throttled only if they were',
  (service) => {
    const { logger, readMetrics } = createLog();
    const onTry = recordAwsAttempts(service, logger);
    onTry(5, false);
    onTry(7, true);
    onTry(9, false);
    expect(readMetrics()).toEqual([{ [`${service}_latency`]: [5, 7, 9], [`${service}_throttled`]: [1] }]);
  },
);

test('the calls of One Login are measured by endpoint', () => {
  const { logger, readMetrics } = createLog();
  const onExchange = recordExchanges(logger);
  onExchange('token', 60);
  onExchange('userinfo', 40);
  expect(readMetrics()).toEqual([{ token_latency: [60], userinfo_latency: [40] }]);
});

test('a document that could not be stored is in the log with the reason', () => {
  const { logger, lines } = createLog();
  logNotStored(logger)('jwks', new RelyingPartyError('dynamodb_unavailable', 'PutItem failed'));
  expect(lines).toEqual([
    {
      level: 'error',
      event: 'document_not_stored',
      document: 'jwks',
      code: 'dynamodb_unavailable',
      fault: 'aws',
      message: 'PutItem failed',
    },
  ]);
});
