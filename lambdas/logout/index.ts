import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { DynamoDbSessionStore } from '../adapters/dynamodb/session-store.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { ProviderDocumentCache } from '../core/flow/provider-document-cache.ts';
import { trustedAddress } from '../core/flow/return-to.ts';
import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { createPages, readPageFile } from '../http/pages/pages.ts';
import { primeFunction } from '../prime-function.ts';
import { readStrings } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { recordAwsAttempts } from '../telemetry/observers.ts';
import { variables } from './environment.ts';
import { createLogoutHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const documents = new ProviderDocumentCache({
  store: new DynamoDbProviderDocumentStore(dynamoDb, environment.providerDocumentsTable),
  clock,
  issuer: environment.issuer,
});

const sessions = new DynamoDbSessionStore(dynamoDb, environment.sessionsTable);

/** `GET` and `POST /auth/logout`, `GET /auth/signed-out` */
export const handler = createLogoutHandler({
  sessions,
  documents,
  clock,
  logger,
  pages: createPages(readPageFile, environment.publicUrl),
  cookies: buildCookieNames(environment.cookieName),
  settings: {
    clientId: environment.clientId,
    publicUrl: environment.publicUrl,
    returnOrigins: readStrings(environment.returnOrigins),
    signedOutUrl: environment.signedOutUrl === '' ? undefined : trustedAddress(environment.signedOutUrl),
  },
});

await primeFunction(
  clock,
  (signal) => documents.withSignal(signal).metadata(),
  (signal) => sessions.withSignal(signal).read({ subjectKey: '-', tokenHash: '-' }),
);
