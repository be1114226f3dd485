import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { HttpsProviderClient } from '../adapters/http/https-provider-client.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { readEnvironment } from '../environment.ts';
import { createLogger } from '../http/logger.ts';
import { createRefreshJwksHandler } from './handler.ts';

const environment = readEnvironment(
  ['userAgent', 'issuer', 'discoveryUrl', 'providerDocumentsTable'],
  process.env,
);

/** Run by a schedule, and once for every deployment. */
export const handler = createRefreshJwksHandler({
  store: new DynamoDbProviderDocumentStore(createDynamoDbClient(), environment.providerDocumentsTable),
  client: new HttpsProviderClient(environment.userAgent),
  clock: new SystemClock(),
  issuer: environment.issuer,
  discoveryUrl: environment.discoveryUrl,
  logger: createLogger(),
});
