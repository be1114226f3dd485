import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbLoginAttemptStore } from '../adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { DynamoDbSessionStore } from '../adapters/dynamodb/session-store.ts';
import { HttpsProviderClient } from '../adapters/http/https-provider-client.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { KmsSigner } from '../adapters/kms/signer.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { ProviderDocumentCache } from '../core/flow/provider-document-cache.ts';
import { ProviderKeySource } from '../core/flow/provider-key-source.ts';
import { trustedAddress } from '../core/flow/return-to.ts';
import { didDocument } from '../core/one-login/did-document.ts';
import { jwksDocument } from '../core/one-login/jwks.ts';
import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { createPages, readPageFile } from '../http/pages/pages.ts';
import { primeFunction } from '../prime-function.ts';
import { readIdTokenAlgorithm, readJourneys, readMilliseconds } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { logNotStored, recordAwsAttempts, recordExchanges } from '../telemetry/observers.ts';
import { variables } from './environment.ts';
import { createCallbackHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const kms = createKmsClient({ onTry: recordAwsAttempts('kms', logger) });
const provider = new HttpsProviderClient(environment.userAgent, { onExchange: recordExchanges(logger) });
const store = new DynamoDbProviderDocumentStore(
  dynamoDb,
  environment.providerDocumentsTable,
  logNotStored(logger),
);
const documents = new ProviderDocumentCache({ store, clock, issuer: environment.issuer });
const keyOptions = { documents, store, client: provider, clock, budget: 'callback' } as const;
const { did, didDocumentUrl, notProvedUrl } = environment;
const idTokenKeys = new ProviderKeySource({ ...keyOptions, document: jwksDocument });
const identityKeys = new ProviderKeySource({ ...keyOptions, document: didDocument({ did, didDocumentUrl }) });

/** `GET /auth/callback` */
export const handler = createCallbackHandler({
  attempts: new DynamoDbLoginAttemptStore(dynamoDb, environment.loginAttemptsTable),
  sessions: new DynamoDbSessionStore(dynamoDb, environment.sessionsTable),
  documents,
  store,
  idTokenKeys,
  identityKeys,
  provider,
  signer: new KmsSigner(kms, environment.signingKeyId),
  clock,
  logger,
  pages: createPages(readPageFile, environment.publicUrl),
  cookies: buildCookieNames(environment.cookieName),
  settings: {
    clientId: environment.clientId,
    publicUrl: environment.publicUrl,
    issuer: environment.issuer,
    coreIdentity: { issuer: environment.coreIdentityIssuer, did },
    ...(notProvedUrl === '' ? {} : { notProvedUrl: trustedAddress(notProvedUrl) }),
    journeys: readJourneys(environment.journeys),
    algorithm: readIdTokenAlgorithm(environment.idTokenSigningAlgorithm),
    defaultPage: trustedAddress(environment.defaultPage),
    lifetimes: {
      idle: readMilliseconds(environment.sessionIdleSeconds),
      absolute: readMilliseconds(environment.sessionAbsoluteSeconds),
    },
  },
});

await primeFunction(
  clock,
  async (signal) => provider.connect((await documents.withSignal(signal).metadata()).token_endpoint),
  () => kms.connect(),
  // No key has this id. The keys of the documents are parsed.
  (signal) => idTokenKeys.withSignal(signal).findStoredKey(''),
  (signal) => identityKeys.withSignal(signal).findStoredKey(''),
);
