import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbSessionStore } from '../adapters/dynamodb/session-store.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { primeFunction } from '../prime-function.ts';
import { readMilliseconds, readStrings, readVector } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { recordAwsAttempts } from '../telemetry/observers.ts';
import { readAuthorizerClaims } from './context.ts';
import { variables } from './environment.ts';
import { createAuthorizer } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const sessions = new DynamoDbSessionStore(dynamoDb, environment.sessionsTable);

/** The authorizer of one level, for the service's own APIs. */
export const handler = createAuthorizer({
  sessions,
  clock,
  logger,
  settings: {
    level: readVector(environment.authorizerLevel),
    stepUp: environment.authorizerStepUp,
    claims: readAuthorizerClaims(environment.authorizerClaims),
    trustedOrigins: readStrings(environment.authorizerTrustedOrigins),
    publicUrl: environment.publicUrl,
    idleMilliseconds: readMilliseconds(environment.sessionIdleSeconds),
    cookies: buildCookieNames(environment.cookieName),
  },
});

// There is no such session.
await primeFunction(clock, (signal) => sessions.withSignal(signal).read({ subjectKey: '-', tokenHash: '-' }));
