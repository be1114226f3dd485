import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbSessionStore } from '../adapters/dynamodb/session-store.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { primeFunction } from '../prime-function.ts';
import { readMilliseconds } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { recordAwsAttempts } from '../telemetry/observers.ts';
import { variables } from './environment.ts';
import { createUserinfoHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);
const logger = createLogger({ deployment: environment.deployment });
const clock = new SystemClock();
const dynamoDb = createDynamoDbClient({ onTry: recordAwsAttempts('dynamodb', logger) });
const sessions = new DynamoDbSessionStore(dynamoDb, environment.sessionsTable);

/** `GET /auth/userinfo` */
export const handler = createUserinfoHandler({
  sessions,
  clock,
  logger,
  cookies: buildCookieNames(environment.cookieName),
  publicUrl: environment.publicUrl,
  idleMilliseconds: readMilliseconds(environment.sessionIdleSeconds),
});

// There is no such session.
await primeFunction(clock, (signal) => sessions.withSignal(signal).read({ subjectKey: '-', tokenHash: '-' }));
