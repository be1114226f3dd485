import type { APIGatewayProxyResult } from 'aws-lambda';
import { createDynamoDbClient } from '../../lambdas/adapters/dynamodb/client.ts';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbPlaceStore } from '../../lambdas/adapters/dynamodb/place-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { createKmsClient } from '../../lambdas/adapters/kms/client.ts';
import { KmsSigner } from '../../lambdas/adapters/kms/signer.ts';
import { createAuthorizer } from '../../lambdas/authorizer/handler.ts';
import { refreshDid, refreshDiscoveryAndJwks } from '../../lambdas/core/flow/refresh-documents.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { RouteHandler } from '../../lambdas/http/route.ts';
import { createRefreshHandler } from '../../lambdas/provider-refresh/refresh-handler.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { lambdaContext } from '../support/api-event.ts';
import { Browser } from '../support/browser.ts';
import { cookieNames } from '../support/cookie-names.ts';
import { createInstance, sessionLifetimes } from '../support/instance.ts';
import { did, didDocumentUrl, identityIssuer, issuer } from '../support/provider-documents.ts';
import { clientId, publicUrl } from '../support/relying-party.ts';
import type { SigningProvider } from '../support/signing-provider.ts';
import type { TestClock } from '../support/test-clock.ts';
import { CallLog } from './call-log.ts';
import { Database, type Rows } from './database.ts';
import type { Behind, FaultyBackend } from './faulty-backend.ts';
import { MarkedProviderClient, markCalls } from './marked-clients.ts';

/** What a cell starts from. */
export interface WorldState {
  readonly provider: SigningProvider;
  readonly clock: TestClock;
  readonly rows?: Rows;
}

/** One instance of every function over the real adapters, with a DynamoDB of its own behind the faulty server. */
export type World = Awaited<ReturnType<typeof createWorld>>;

let cells = 0;

export async function createWorld(backend: FaultyBackend, { provider, clock, rows }: WorldState) {
  cells += 1;
  const cell = `cell-${cells}`;
  const log = new CallLog();
  const behind: Behind = {
    database: await Database.take(rows),
    provider,
    log,
    secrets: new Map(),
    released: Promise.resolve(),
  };
  backend.add(cell, behind);

  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const settings = {
    clock,
    environment: buildEnvironment(backend),
    exchange: backend.exchangeFor(cell, behind),
  };
  const dynamoDb = markCalls(createDynamoDbClient(settings), 'DynamoDB', behind);
  const kms = markCalls(createKmsClient(settings), 'KMS', behind);
  const client = new MarkedProviderClient(backend, cell, behind);
  const stores = {
    attempts: new DynamoDbLoginAttemptStore(dynamoDb, 'login-attempts'),
    sessions: new DynamoDbUserSessionStore(dynamoDb, 'sessions', clock),
    places: new DynamoDbPlaceStore(dynamoDb, 'login-attempts'),
    store: new DynamoDbProviderDocumentStore(dynamoDb, 'provider-documents'),
  };
  const routes = createInstance({
    ...stores,
    clock,
    provider: client,
    signer: new KmsSigner(kms, 'signing-key'),
    write,
    settings: {
      clientId,
      publicUrl,
      issuer,
      coreIdentity: { issuer: identityIssuer, did, didDocumentUrl },
      claims: Object.values(identityClaimNames),
    },
  });
  const limited = Object.fromEntries(
    Object.entries(routes).map(([path, handler]): [string, RouteHandler] => [
      path,
      (event) => handler(event, lambdaContext(remainingTimeAt(path))),
    ]),
  );
  const logger = createLogger({ deployment: 'test', write, now: () => clock.now() });
  const refreshing = { store: stores.store, client, clock };
  const discoveryUrl = `${issuer}.well-known/openid-configuration`;
  return {
    behind,
    log,
    clock,
    provider,
    lines,
    stores,
    database: behind.database,
    authorizer: createAuthorizer({
      sessions: stores.sessions,
      clock,
      logger,
      settings: {
        level: 'Cl.Cm',
        stepUp: 'login',
        claims: [],
        trustedOrigins: [],
        publicUrl,
        idleMilliseconds: sessionLifetimes.idle,
        cookies: cookieNames,
      },
    }),
    refreshers: {
      jwks: createRefreshHandler({
        refresh: (options) => refreshDiscoveryAndJwks({ ...refreshing, issuer, discoveryUrl }, options),
        document: 'jwks',
        clock,
        logger,
      }),
      did: createRefreshHandler({
        refresh: (options) => refreshDid({ ...refreshing, did, didDocumentUrl }, options),
        document: 'did',
        clock,
        logger,
      }),
    },
    /** @param cookies by name */
    browser(cookies: ReadonlyMap<string, string> = new Map()): Browser {
      const browser = new Browser(limited);
      for (const [name, value] of cookies) browser.cookies.set(name, value);
      return browser;
    },
    notify: (token: string): Promise<APIGatewayProxyResult> =>
      new Browser(limited).request('/auth/backchannel-logout', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: token }).toString(),
      }),
    close(): void {
      backend.remove(cell);
      behind.database.giveBack();
    },
  };
}

/** What each function has of the time that Lambda gives it, see `lib/functions/functions.ts`. */
function remainingTimeAt(path: string): number {
  return ['/auth/callback', '/auth/backchannel-logout'].includes(path) ? 15_000 : 10_000;
}

function buildEnvironment({ url }: FaultyBackend) {
  return {
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'faults',
    AWS_SECRET_ACCESS_KEY: 'faults',
    AWS_ENDPOINT_URL: url,
  };
}
