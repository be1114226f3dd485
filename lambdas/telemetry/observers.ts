import type { OnTry } from '../adapters/aws-client.ts';
import type { HttpsProviderClientOptions } from '../adapters/http/https-provider-client.ts';
import { describeError, type Logger } from './logger.ts';

type Collector = Pick<Logger, 'collect'>;

/** What collects how long a service of AWS takes, and whether it had too much to do. */
export function recordAwsAttempts(service: 'dynamodb' | 'kms', logger: Collector): OnTry {
  return (milliseconds, throttled) => {
    logger.collect(`${service}_latency`, milliseconds);
    if (throttled) logger.collect(`${service}_throttled`, 1);
  };
}

/** What collects how long One Login takes. */
export function recordExchanges(logger: Collector): NonNullable<HttpsProviderClientOptions['onExchange']> {
  return (endpoint, milliseconds) => logger.collect(`${endpoint}_latency`, milliseconds);
}

/** What logs that a document of One Login could not be stored: the request goes on, the next one tries again. */
export function logNotStored(logger: Pick<Logger, 'log'>): (name: string, failure: unknown) => void {
  return (name, failure) =>
    logger.log('error', 'document_not_stored', { document: name, ...describeError(failure) });
}
