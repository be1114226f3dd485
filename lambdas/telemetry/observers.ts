import type { OnTry } from '../adapters/aws-client.ts';
import type { HttpsProviderClientOptions } from '../adapters/http/https-provider-client.ts';
import { describeError, type Logger } from './logger.ts';

type Collector = Pick<Logger, 'collect'>;

/** Collects how long a service of AWS takes, and whether it throttled. */
export function recordAwsAttempts(service: 'dynamodb' | 'kms', logger: Collector): OnTry {
  return (milliseconds, throttled) => {
    logger.collect(`${service}_latency`, milliseconds);
    if (throttled) logger.collect(`${service}_throttled`, 1);
  };
}

/** Collects how long One Login takes. */
export function recordExchanges(logger: Collector): NonNullable<HttpsProviderClientOptions['onExchange']> {
  return (endpoint, milliseconds) => logger.collect(`${endpoint}_latency`, milliseconds);
}

/** Logs that a document of One Login could not be stored. The request goes on, and the next one tries again. */
export function logNotStored(logger: Pick<Logger, 'log'>): (name: string, failure: unknown) => void {
  return (name, failure) =>
    logger.log('error', 'document_not_stored', { document: name, ...describeError(failure) });
}
