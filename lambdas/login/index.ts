import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbLoginAttemptStore } from '../adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbPlaceStore } from '../adapters/dynamodb/place-store.ts';
import { DynamoDbProviderDocumentStore } from '../adapters/dynamodb/provider-document-store.ts';
import { DynamoDbSessionStore } from '../adapters/dynamodb/session-store.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { KmsSigner } from '../adapters/kms/signer.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { ProviderDocumentCache } from '../core/flow/provider-document-cache.ts';
import { trustedAddress } from '../core/flow/return-to.ts';
import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { createPages, readPageFile } from '../http/pages/pages.ts';
import { primeFunction } from '../prime-function.ts';
import { readJourneys, readOptionalSeconds, readStrings, readVectors } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { recordAwsAttempts } from '../telemetry/observers.ts';
import { variables } from './environment.ts';
import { createLoginHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const kms = createKmsClient({ onTry: recordAwsAttempts('kms', logger) });
const documents = new ProviderDocumentCache({
  store: new DynamoDbProviderDocumentStore(dynamoDb, environment.providerDocumentsTable),
  clock,
  issuer: environment.issuer,
});
const identityVtr = readVectors(environment.identityVtr);
const maxAge = readOptionalSeconds(environment.maxAge);

/** `GET /auth/login`, `/auth/reauthenticate`, `/auth/prove-identity`, `/auth/in-person-return`, `/auth/message` */
export const handler = createLoginHandler({
  attempts: new DynamoDbLoginAttemptStore(dynamoDb, environment.loginAttemptsTable),
  sessions: new DynamoDbSessionStore(dynamoDb, environment.sessionsTable),
  places: new DynamoDbPlaceStore(dynamoDb, environment.loginAttemptsTable),
  documents,
  signer: new KmsSigner(kms, environment.signingKeyId),
  clock,
  logger,
  pages: createPages(readPageFile, environment.publicUrl),
  cookies: buildCookieNames(environment.cookieName),
  settings: {
    clientId: environment.clientId,
    publicUrl: environment.publicUrl,
    defaultPage: trustedAddress(environment.defaultPage),
    returnOrigins: readStrings(environment.returnOrigins),
    scopes: environment.scopes.split(' '),
    journeys: readJourneys(environment.journeys),
    vtr: readVectors(environment.authenticationVtr),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(identityVtr.length === 0
      ? {}
      : {
          identity: {
            vtr: identityVtr,
            claims: readStrings(environment.identityClaims),
            inPersonReturnUrl: trustedAddress(environment.inPersonReturnUrl),
          },
        }),
  },
});

await primeFunction(
  clock,
  (signal) => documents.withSignal(signal).metadata(),
  () => kms.connect(),
);
