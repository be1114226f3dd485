import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { DynamoDbUserSessionStore } from '../adapters/dynamodb/user-session-store.ts';
import { HttpsProviderClient } from '../adapters/http/https-provider-client.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { ProviderDocumentCache } from '../core/flow/provider-document-cache.ts';
import { ProviderKeySource } from '../core/flow/provider-key-source.ts';
import { jwksDocument } from '../core/one-login/jwks.ts';
import { readEnvironment } from '../environment.ts';
import { primeFunction } from '../prime-function.ts';
import { createLogger } from '../telemetry/logger.ts';
import { logNotStored, recordAwsAttempts, recordExchanges } from '../telemetry/observers.ts';
import { variables } from './environment.ts';
import { createBackchannelLogoutHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const { clientId, issuer } = environment;
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const store = new DynamoDbProviderDocumentStore(
  dynamoDb,
  environment.providerDocumentsTable,
  logNotStored(logger),
);
const documents = new ProviderDocumentCache({ store, clock, issuer });
const keys = new ProviderKeySource({
  document: jwksDocument,
  documents,
  store,
  client: new HttpsProviderClient(environment.userAgent, { onExchange: recordExchanges(logger) }),
  clock,
  budget: 'backchannel-logout',
});

/** `POST /auth/backchannel-logout` */
export const handler = createBackchannelLogoutHandler({
  sessions: new DynamoDbUserSessionStore(dynamoDb, environment.sessionsTable),
  keys,
  clock,
  logger,
  settings: { issuer, clientId },
});

// No key has this id. The keys of the document are parsed.
await primeFunction(clock, (signal) => keys.withSignal(signal).findStoredKey(''));
