import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { HttpsProviderClient } from '../adapters/http/https-provider-client.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { refreshDid } from '../core/flow/refresh-documents.ts';
import { readEnvironment } from '../environment.ts';
import { createRefreshHandler } from '../provider-refresh/refresh-handler.ts';
import { createLogger } from '../telemetry/logger.ts';
import { recordAwsAttempts, recordExchanges } from '../telemetry/observers.ts';
import { variables } from './environment.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const { did, didDocumentUrl } = environment;
const clock = new SystemClock();
const dependencies = {
  store: new DynamoDbProviderDocumentStore(
    createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) }),
    environment.providerDocumentsTable,
  ),
  client: new HttpsProviderClient(environment.userAgent, { onExchange: recordExchanges(logger) }),
  clock,
  did,
  didDocumentUrl,
};

/** Refreshes the DID document: run by a schedule, and once at the first deployment and when the provider changes. */
export const handler = createRefreshHandler({
  refresh: (options) => refreshDid(dependencies, options),
  document: 'did',
  clock,
  logger,
});
