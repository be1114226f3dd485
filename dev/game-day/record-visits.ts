import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { auditEventName } from '../../lambdas/telemetry/logger.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import type { AnsweredRequest } from '../../local/api-gateway/api-gateway.ts';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import type { BehaviourPatch } from '../../stand-in/behaviour/behaviour.ts';
import type { LogoutTokenFault } from '../../stand-in/logout/logout-token-options.ts';
import { createLoopbackFetch } from '../../test/support/loopback-fetch.ts';
import { type Choice, type Item, type Service, startService } from '../../test/support/service.ts';
import { pickKey } from '../../test/support/tables.ts';
import { type Page, WebBrowser } from '../../test/support/web-browser.ts';
import { type RecordedAnswer, type RecordedStep, type Recordings, readMetricLine } from './recording.ts';

/** Records what an action causes, as the next step of the visit. */
type RecordStep = <Result>(step: string, action: () => Promise<Result>) => Promise<Result>;

interface Visitor {
  readonly service: Service;
  readonly record: RecordStep;
  readonly browser: WebBrowser;
}

type Visit = (visitor: Visitor) => Promise<unknown>;

/**
 * Makes every kind of visit once.
 *
 * @param assemblyDirectory of the local config with a canary; undefined in tests, which have a cache
 */
export async function recordVisits(assemblyDirectory?: string): Promise<Recordings> {
  const answered: AnsweredRequest[] = [];
  const service = await startService({
    config: recordedConfig(),
    ...(assemblyDirectory === undefined ? {} : { assemblyDirectory }),
    onAnswer: (answer) => answered.push(answer),
  });
  try {
    // What One Login sends without a request would belong to no step.
    const settle = () => service.standIn.change({ backchannelLogout: { automatic: false } });
    settle();
    await warmUp(service);
    const recordings: { [name: string]: readonly RecordedStep[] } = {};
    for (const [name, visit] of Object.entries(visits)) {
      const steps: RecordedStep[] = [];
      const record: RecordStep = async (step, action) => {
        const [lines, answers] = [service.logs.length, answered.length];
        const result = await action();
        steps.push(describeStep(step, service, lines, answered.slice(answers), result));
        return result;
      };
      await visit({ service, record, browser: openBrowser() });
      recordings[name] = steps;
      service.standIn.reset();
      settle();
    }
    return recordings;
  } finally {
    await service.close();
  }
}

/** The local config, with everything that production has. */
export function recordedConfig() {
  return { ...loadLocalConfig(), canary: true };
}

/** Cold starts and first copies of documents are no part of a visit. */
async function warmUp(service: Service): Promise<void> {
  const browser = openBrowser();
  await service.signIn(browser);
  await service.signIn(browser, '/auth/prove-identity');
  await callApi(service, browser, 'account');
  await callApi(service, browser, 'identity');
  await notify(service);
  await browser.open(`${service.publicUrl}/logout`, { stopBefore: '/logout' });
  await runSchedules(service, 'refresh-jwks', 'refresh-did', 'canary');
}

function describeStep(
  step: string,
  service: Service,
  from: number,
  answered: readonly AnsweredRequest[],
  result: unknown,
): RecordedStep {
  const metrics: { [name: string]: readonly number[] } = {};
  const functions = new Map<string, string>();
  const names = readFunctionNames(service);
  let audit = 0;
  for (const { functionId, line } of service.logs.slice(from)) {
    const { event, request_id: requestId } = JSON.parse(line);
    audit += Number(event === auditEventName);
    // An authorizer comes before the service, which is no part of the deployment.
    if (typeof requestId === 'string' && !functions.has(requestId)) {
      functions.set(requestId, names.get(functionId) ?? functionId);
    }
    for (const [name, values] of readMetricLine(line) ?? []) {
      if (name !== 'cold_starts') metrics[name] = [...(metrics[name] ?? []), ...values];
    }
  }
  const answers = answered.map(({ requestId, method, path, status }): RecordedAnswer => {
    // A successful userinfo logs no request id.
    const called = functions.get(requestId) ?? (path === '/auth/userinfo' ? 'userinfo' : undefined);
    return { route: `${method} ${path}`, status, ...(called === undefined ? {} : { function: called }) };
  });
  return {
    step,
    answers: sortAnswers(step, answers),
    ...(result instanceof Runs ? { runs: result.outcomes } : {}),
    metrics,
    audit,
  };
}

function readFunctionNames({ template }: Service): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(Object(template['Resources'])).flatMap(([id, resource]) => {
      const name = readFunctionName(Object(resource));
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}

/** The canary's requests overlap. When One Login fetches our keys depends on what it remembers, so only a run's own counts. */
function sortAnswers(step: string, answers: readonly RecordedAnswer[]): readonly RecordedAnswer[] {
  const sorted = answers.toSorted((left, right) => left.route.localeCompare(right.route));
  const isForKeys = ({ route }: RecordedAnswer) => route.endsWith('/jwks.json');
  const first = step === 'run' ? sorted.find(isForKeys) : undefined;
  return sorted.filter((answer) => !isForKeys(answer) || answer === first);
}

/** What became of the scheduled functions in a step. */
class Runs {
  readonly outcomes: Readonly<Record<string, 'returned' | 'failed'>>;

  constructor(outcomes: Runs['outcomes']) {
    this.outcomes = outcomes;
  }
}

async function runSchedules(service: Service, ...names: readonly string[]): Promise<Runs> {
  const outcomes: { [name: string]: 'returned' | 'failed' } = {};
  for (const name of names) outcomes[name] = (await service.invoke(name, scheduledEvent)).kind;
  return new Runs(outcomes);
}

const scheduledEvent = { 'detail-type': 'Scheduled Event', source: 'aws.events' };

function callApi({ url }: Service, browser: WebBrowser, path: string): Promise<Page> {
  return browser.open(`${url}/api/${path}`, { headers: { accept: 'application/json' } });
}

/** Sends a notification that a user signed out. */
async function notify(service: Service, faults: readonly LogoutTokenFault[] = []): Promise<Page> {
  const maria = service.standIn.people.find(({ id }) => id === 'maria');
  const { token } = await service.standIn.mintLogoutToken({ sub: String(maria?.sub), faults });
  return postLogoutToken(service, token);
}

function postLogoutToken({ publicUrl }: Service, token: string): Promise<Page> {
  return openBrowser().open(`${publicUrl}/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
}

const here = { followRedirects: false } as const;

/** Signs in and does what users do. */
function signIn(route: string, choice?: Choice): Visit {
  return async ({ service, record, browser }) => {
    const callback = await record('start', () => service.begin(browser, route, choice));
    await record('return', () => browser.goFrom({ url: new URL(service.standIn.url) }, callback, here));
    await record('userinfo', () => service.userinfo(browser));
    await record('api', () => callApi(service, browser, 'account'));
    if (choice !== undefined) await record('identity-api', () => callApi(service, browser, 'identity'));
    await record('leave', () =>
      browser.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`, here),
    );
  };
}

/** A sign-in that goes wrong. @param change of One Login, from the user's return on */
function failing(change: BehaviourPatch, choice?: Choice, route = '/auth/login'): Visit {
  return async ({ service, record, browser }) => {
    const callback = await record('start', () => service.begin(browser, route, choice));
    service.standIn.change(change);
    await record('return', () => browser.open(callback, here));
  };
}

/** One Login ends the journey before its page. */
function ended(name: NonNullable<NonNullable<BehaviourPatch['authorizationError']>['always']>): Visit {
  return async ({ service, record, browser }) => {
    service.standIn.change({ authorizationError: { always: name } });
    const callback = await record('start', () => service.begin(browser, '/auth/login'));
    await record('return', () => browser.open(callback, here));
  };
}

/** A service of AWS fails. */
function disturbed(
  which: 'dynamodb' | 'kms',
  type: string,
  steps: readonly ('start' | 'return' | 'userinfo' | 'logout-token')[],
): Visit {
  return async ({ service, record, browser }) => {
    const signedIn = openBrowser();
    await service.signIn(signedIn);
    const callback = await service.begin(browser, '/auth/login');
    const end = service[which].injectFault({ error: { status: 400, type } });
    const actions: Readonly<Record<(typeof steps)[number], () => Promise<unknown>>> = {
      start: () => openBrowser().open(`${service.publicUrl}/login`, here),
      return: () => browser.open(callback, here),
      userinfo: () => service.userinfo(signedIn),
      'logout-token': () => notify(service),
    };
    try {
      for (const step of steps) await record(step, actions[step]);
    } finally {
      end();
    }
  };
}

/** A user's own attempt with a response that One Login did not send. */
function madeUp(query: Readonly<Record<string, string>>): Visit {
  return async ({ service, record, browser }) => {
    const callback = await record('start', () => service.begin(browser, '/auth/login'));
    callback.search = `${new URLSearchParams({ ...query, state: callback.searchParams.get('state') ?? '' })}`;
    await record('return', () => browser.open(callback, here));
    await record('reload', () => browser.open(callback, here));
  };
}

/** Runs a schedule while One Login fails, or a service of AWS does. */
function scheduled(
  name: string,
  {
    change = {},
    fault,
    due = false,
  }: { change?: BehaviourPatch; fault?: readonly ['dynamodb' | 'kms', string]; due?: boolean } = {},
): Visit {
  return async ({ service, record }) => {
    if (due) await expireDocuments(service);
    service.standIn.change(change);
    const end = fault && service[fault[0]].injectFault({ error: { status: 400, type: fault[1] } });
    try {
      await record('run', () => runSchedules(service, name));
    } finally {
      end?.();
    }
  };
}

/** The next refresh fetches the documents. */
async function expireDocuments(service: Service): Promise<void> {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  const dump = await service.dynamodb.dump();
  const rows = Object.entries(dump).flatMap(([id, items]) =>
    id.includes('ProviderDocuments') ? items : [],
  ) as Item[];
  for (const row of rows.filter(({ fresh_until }) => fresh_until !== undefined)) {
    await client.send(
      new UpdateItemCommand({
        TableName: service.tableName('ProviderDocuments'),
        Key: pickKey('provider-documents', row),
        UpdateExpression: 'SET fresh_until = :past',
        ExpressionAttributeValues: { ':past': { N: '0' } },
      }),
    );
  }
  client.destroy();
}

const reset = { always: { reset: true } } as const;
const gone: BehaviourPatch = {
  endpoints: { authorize: reset, token: reset, userinfo: reset, discovery: reset, jwks: reset, did: reset },
};
const invalidClient = {
  status: 401,
  body: JSON.stringify({
    error: 'invalid_client',
    error_description: 'Invalid signature in private_key_jwt',
  }),
};

/** The kinds of visits. A new one appears in the recordings after `node dev/game-day/record.ts`. */
const visits: Readonly<Record<string, Visit>> = {
  'sign-in': signIn('/auth/login'),
  identity: signIn('/auth/prove-identity', { identity: 'PROVED' }),
  'identity-not-proved': signIn('/auth/prove-identity', { identity: 'NOT_PROVED_WITH_RETURN_CODES' }),
  'step-up': signIn('/auth/reauthenticate'),
  denied: ended('ACCESS_DENIED'),
  'server-error': ended('SERVER_ERROR'),
  'temporarily-unavailable': ended('TEMPORARILY_UNAVAILABLE'),
  'vtr-not-permitted': ended('VTR_NOT_PERMITTED'),
  'client-deactivated': ended('CLIENT_DEACTIVATED'),
  'cookie-lost': async ({ service, record, browser }) => {
    const callback = await record('start', () => service.begin(browser, '/auth/login'));
    await record('return', () => openBrowser().open(callback, here));
  },
  'token-502': failing({ endpoints: { token: { always: { status: 502 } } } }),
  'token-gone': failing(gone),
  'token-invalid-client': failing({ endpoints: { token: { always: invalidClient } } }),
  'token-not-json': failing({ endpoints: { token: { always: { status: 200, body: '<html>' } } } }),
  'userinfo-503': failing({ endpoints: { userinfo: { always: { status: 503 } } } }),
  'userinfo-of-another': failing({ userinfo: { always: ['OTHER_SUB'] } }),
  'wrong-audience': failing({ idToken: { always: ['INVALID_AUD'] } }),
  'wrong-issuer': failing({ idToken: { always: ['INVALID_ISS'] } }),
  'wrong-level': failing({ idToken: { always: ['INCORRECT_VOT'] } }),
  'token-of-the-past': failing({ idToken: { always: ['TOKEN_EXPIRED'] } }),
  'token-of-the-future': failing({ idToken: { always: ['TOKEN_NOT_VALID_YET'] } }),
  'key-fetch-failed': failing({
    endpoints: { jwks: { always: { status: 500 } } },
    idToken: { always: ['UNKNOWN_KID'] },
  }),
  'unknown-key': failing({ idToken: { always: ['UNKNOWN_KID'] } }),
  'identity-unknown-key': failing({ coreIdentity: { always: ['UNKNOWN_KID'] } }, {}, '/auth/prove-identity'),
  'identity-expired': failing({ userinfo: { always: ['IDENTITY_EXPIRED'] } }, {}, '/auth/prove-identity'),
  'dynamodb-denied': disturbed('dynamodb', 'AccessDeniedException', [
    'start',
    'return',
    'userinfo',
    'logout-token',
  ]),
  'dynamodb-throttled': disturbed('dynamodb', 'ThrottlingException', [
    'start',
    'return',
    'userinfo',
    'logout-token',
  ]),
  'kms-disabled': disturbed('kms', 'DisabledException', ['start', 'return']),
  'kms-throttled': disturbed('kms', 'ThrottlingException', ['start', 'return']),
  'made-up-server-error': madeUp({ error: 'server_error' }),
  'made-up-invalid-request': madeUp({ error: 'invalid_request' }),
  'made-up-unauthorized-client': madeUp({ error: 'unauthorized_client' }),
  'made-up-code': madeUp({ code: 'made-up' }),
  'callback-of-nobody': async ({ service, record, browser }) => {
    await record('return', () =>
      browser.open(`${service.publicUrl}/callback?code=a&state=${'b'.repeat(43)}`, here),
    );
  },
  'reload-of-callback': async ({ service, record, browser }) => {
    const callback = await record('start', () => service.begin(browser, '/auth/login'));
    await record('return', () => browser.open(callback, here));
    await record('reload', () => browser.open(callback, here));
    await record('reload-later', () => openBrowser().open(callback, here));
  },
  'robot-login': async ({ service, record }) => {
    await record('start', () => createProgram().open(`${service.publicUrl}/login`, here));
  },
  'gives-up': async ({ service, record, browser }) => {
    await record('start', () => browser.open(`${service.publicUrl}/login`, here));
  },
  'robot-code': async ({ service, record }) => {
    const program = createProgram();
    const callback = await record('start', () => service.begin(program, '/auth/login'));
    callback.searchParams.set('code', 'made-up');
    await record('return', () => program.open(callback, here));
  },
  'unknown-page': async ({ service, record, browser }) => {
    await record('start', () => browser.open(`${service.publicUrl}/wp-login.php`, here));
  },
  'nobody-asks': async ({ service, record, browser }) => {
    await record('userinfo', () => service.userinfo(browser));
    await record('api', () => callApi(service, browser, 'account'));
  },
  'session-over': async ({ service, record, browser }) => {
    await service.signIn(browser);
    const kept = browser.copy();
    await browser.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`, here);
    await record('userinfo', () => service.userinfo(kept));
    await record('api', () => callApi(service, kept, 'account'));
  },
  'logout-token': async ({ service, record }) => {
    await record('logout-token', () => notify(service));
  },
  'logout-token-refused': async ({ service, record }) => {
    await record('logout-token', () => notify(service, ['INVALID_AUD']));
  },
  'logout-token-junk': async ({ service, record }) => {
    await record('logout-token', () => postLogoutToken(service, 'a.b.c'));
  },
  'our-keys': async ({ service, record, browser }) => {
    await record('run', () => browser.open(`${service.publicUrl}/.well-known/jwks.json`, here));
  },
  'refresh-jwks': scheduled('refresh-jwks'),
  'refresh-did': scheduled('refresh-did'),
  'refresh-jwks-fetched': scheduled('refresh-jwks', { due: true }),
  'refresh-jwks-failed': scheduled('refresh-jwks', { due: true, change: gone }),
  'refresh-did-failed': scheduled('refresh-did', { due: true, change: gone }),
  'refresh-jwks-denied': scheduled('refresh-jwks', { fault: ['dynamodb', 'AccessDeniedException'] }),
  'refresh-did-denied': scheduled('refresh-did', { fault: ['dynamodb', 'AccessDeniedException'] }),
  canary: scheduled('canary'),
  'canary-one-login-gone': scheduled('canary', { change: gone }),
  'canary-request-refused': scheduled('canary', {
    change: { authorizationError: { always: 'UNAUTHORIZED_CLIENT' } },
  }),
  'canary-kms-disabled': scheduled('canary', { fault: ['kms', 'DisabledException'] }),
  'canary-dynamodb-denied': scheduled('canary', { fault: ['dynamodb', 'AccessDeniedException'] }),
};

/** A browser that sends the headers of one. Node's `fetch` would replace some of them. */
function openBrowser(): WebBrowser {
  return new WebBrowser(undefined, createLoopbackFetch());
}

/** A browser without Fetch Metadata, as programs and crawlers are. */
function createProgram(): WebBrowser {
  const send = createLoopbackFetch();
  return new WebBrowser(undefined, (url, init = {}) => {
    const headers = new Headers(init.headers);
    for (const name of [...headers.keys()]) if (name.startsWith('sec-fetch-')) headers.delete(name);
    return send(url, { ...init, headers });
  });
}
