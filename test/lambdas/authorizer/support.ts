import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { type AuthorizerSettings, createAuthorizer } from '../../../lambdas/authorizer/handler.ts';
import type { SessionStore } from '../../../lambdas/core/ports.ts';
import { sealSession } from '../../../lambdas/core/session/seal.ts';
import type { SessionIdentity, SessionPayload } from '../../../lambdas/core/session/session.ts';
import {
  createSessionCredential,
  deriveSubjectKey,
  serializeSessionCredential,
} from '../../../lambdas/core/session/session-key.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { cookieNames } from '../../support/cookie-names.ts';
import { MemorySessionStore } from '../../support/memory/session-store.ts';
import { TestClock } from '../../support/test-clock.ts';

export const publicUrl = 'https://service.example/auth';
export const methodArn = 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET/orders/42';

export const minute = 60_000;
export const lifetimes = { idle: 60 * minute, absolute: 480 * minute };

/** A memory store that counts its calls. */
export class CountingStore implements Pick<SessionStore, 'read' | 'extendIdle'> {
  readonly memory = new MemorySessionStore();
  readonly calls: string[] = [];

  read: SessionStore['read'] = (key) => {
    this.calls.push('read');
    return this.memory.read(key);
  };

  extendIdle: SessionStore['extendIdle'] = (key, idleExpiresAt) => {
    this.calls.push('extendIdle');
    return this.memory.extendIdle(key, idleExpiresAt);
  };
}

export const payload: SessionPayload = {
  sub: 'urn:fdc:gov.uk:2022:somebody',
  vot: 'Cl.Cm',
  authTime: 1_780_000_000,
  idToken: 'header.payload.signature',
  claims: { email: 'somebody@example.com', email_verified: true },
  language: 'en',
  signedInAt: 1_780_000_000_000,
};

export function proved(vot: 'P1' | 'P2'): SessionIdentity {
  return {
    outcome: 'proved',
    vot,
    names: [{ given_names: ['Zoë'], family_names: ['O’Brien'], full_name: 'Zoë O’Brien' }],
    birthDates: ['1970-01-01'],
    claims: {},
  };
}

/** An authorizer over a store in memory, at the test's own time. */
export function startAuthorizer(settings: Partial<AuthorizerSettings> = {}) {
  const { cookies = cookieNames } = settings;
  const clock = new TestClock();
  const sessions = new CountingStore();
  const logLines: Record<string, unknown>[] = [];
  const authorizer = createAuthorizer({
    sessions,
    clock,
    logger: createLogger({ deployment: 'test', write: (line) => logLines.push(JSON.parse(line)) }),
    settings: {
      level: 'Cl.Cm',
      stepUp: 'login',
      claims: [],
      trustedOrigins: [],
      publicUrl,
      idleMilliseconds: lifetimes.idle,
      cookies,
      ...settings,
    },
  });
  return {
    clock,
    sessions,
    logLines,
    authorizer,
    /** @returns the Cookie header of a user with that session */
    async signIn(changes: Partial<SessionPayload> = {}): Promise<string> {
      const session = { ...payload, ...changes };
      const credential = createSessionCredential(deriveSubjectKey('the-client', session.sub));
      const now = clock.now();
      await sessions.memory.put(
        sealSession(session, credential, {
          absoluteExpiresAt: now + lifetimes.absolute,
          idleExpiresAt: now + lifetimes.idle,
        }),
      );
      return `${cookies.session}=${serializeSessionCredential(credential)}`;
    },
  };
}

export interface EventOptions {
  readonly method?: string;
  readonly arn?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

type CreateEvent = (options: EventOptions) => Record<string, unknown>;

/** The events of the three kinds of API, as API Gateway creates them, as far as the authorizer reads them. */
export const eventFormats: Readonly<
  Record<'REST API' | 'HTTP API, format 1.0' | 'HTTP API, format 2.0', CreateEvent>
> = {
  'REST API': ({ method = 'GET', arn = methodArn, headers = {} }) => {
    const all = Object.entries(headers).map(([name, values]) => [name, [values].flat()] as const);
    return {
      ...createFormat1Event(method, arn),
      headers: Object.fromEntries(all.map(([name, values]) => [name, values.at(-1)])),
      multiValueHeaders: Object.fromEntries(all),
      multiValueQueryStringParameters: {},
    };
  },
  'HTTP API, format 1.0': ({ method = 'GET', arn = methodArn, headers = {} }) => ({
    ...createFormat1Event(method, arn),
    version: '1.0',
    identitySource: '',
    authorizationToken: '',
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, values]) => [name, [values].flat().join(',')]),
    ),
  }),
  'HTTP API, format 2.0': ({ method = 'GET', arn = methodArn, headers = {} }) => {
    const all = Object.entries(headers).map(
      ([name, values]) => [name.toLowerCase(), [values].flat()] as const,
    );
    const cookies = all.flatMap(([name, values]) => (name === 'cookie' ? values : []));
    return {
      version: '2.0',
      type: 'REQUEST',
      routeArn: arn,
      identitySource: [],
      routeKey: 'ANY /orders/{id}',
      rawPath: '/orders/42',
      rawQueryString: '',
      cookies: cookies.flatMap((value) => value.split('; ')),
      headers: Object.fromEntries(all.map(([name, values]) => [name, values.join(',')])),
      requestContext: {
        requestId: '00000000-0000-4000-8000-000000000001',
        stage: '$default',
        http: { method, path: '/orders/42', protocol: 'HTTP/1.1' },
      },
      pathParameters: { id: '42' },
      stageVariables: {},
    };
  },
};

function createFormat1Event(method: string, arn: string) {
  return {
    type: 'REQUEST',
    methodArn: arn,
    resource: '/orders/{id}',
    path: '/orders/42',
    httpMethod: method,
    queryStringParameters: {},
    pathParameters: { id: '42' },
    stageVariables: {},
    requestContext: { requestId: '00000000-0000-4000-8000-000000000001', stage: 'live', httpMethod: method },
  };
}

/** Whether a response allows or denies. */
export function readEffect(answer: APIGatewayAuthorizerResult): string | undefined {
  const [statement] = answer.policyDocument.Statement;
  return statement?.Effect;
}
