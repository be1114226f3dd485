import { setImmediate } from 'node:timers/promises';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import type { DynamoDb } from '../../lambdas/adapters/dynamodb/request.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { RelyingPartyError } from '../../lambdas/core/errors.ts';
import { ProviderDocumentCache } from '../../lambdas/core/flow/provider-document-cache.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { ProviderDocument, ProviderDocumentStore } from '../../lambdas/core/ports.ts';
import { deriveSubjectKey, hash } from '../../lambdas/core/session/session-key.ts';
import { apiEvent, type EventOptions } from '../support/api-event.ts';
import { readLocation } from '../support/browser.ts';
import { browserCookieName, sessionCookieName } from '../support/cookie-names.ts';
import { createInstance } from '../support/instance.ts';
import { MemoryPlaceStore } from '../support/memory/place-store.ts';
import { MemoryProviderDocumentStore } from '../support/memory/provider-document-store.ts';
import {
  buildDocument,
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  identityIssuer,
  issuer,
  jwksBody,
} from '../support/provider-documents.ts';
import { clientId, fromOwnPage, navigation, publicUrl } from '../support/relying-party.ts';
import { OneLogin, type OneLoginCall } from './one-login.ts';
import {
  type Answer,
  type Call,
  Interned,
  type Jar,
  type Position,
  type Request,
  type Response,
  type State,
  type System,
  type View,
} from './system.ts';
import { fromWire, type Operation, prepareOperation, type Tables, toWire } from './tables.ts';

export interface CodeState extends State {
  readonly tables: Tables;
}

interface CodeCall extends Call {
  readonly id: number;
  readonly target: Operation | OneLoginCall;
}

interface Step {
  readonly call: number;
  readonly answer: Answer;
  readonly now: number;
}

export interface CodePosition extends Position {
  readonly calls: ReadonlyMap<number, CodeCall>;
  readonly jar: Jar;
  readonly beganAt: number;
  readonly steps: readonly Step[];
  /** Every request to DynamoDB and One Login so far, with the random values of the run that made it first. */
  readonly issued: readonly unknown[];
}

/** A response of DynamoDB that every call takes for a success without a result. */
const kindAnswer = {
  Responses: { sessions: [] },
  UnprocessedKeys: {},
  UnprocessedItems: {},
  Items: [],
  ConsumedCapacity: {},
};

const userOf = (name: string): string => `urn:fdc:gov.uk:2022:${name}`;

/**
 * The handlers and adapters that are deployed, over tables in memory and a lenient One Login, which accepts every code any
 * number of times, whoever presents it. So only our own guards count.
 *
 * A request is a function of the answers that it gets and of the time. To go on from a position, a new run of the request gets
 * the answers so far again. Its random values differ from those of the run before, so they are replaced by the first ones.
 */
export class Code implements System<CodeState, CodePosition> {
  /** How often a request was run. */
  runs = 0;
  readonly empty: CodeState;
  readonly #states = new Interned<CodeState>();
  readonly #executions = new Map<string, { state: CodeState; answer: Answer }>();
  readonly #positions = new Map<string, Promise<CodePosition>>();
  #calls = 0;
  readonly #oneLogin: OneLogin;
  /** The documents as they are at the beginning. */
  readonly #documents: readonly ProviderDocument[];
  readonly #unchanging = new MemoryProviderDocumentStore();
  readonly #attempts = new Map<
    string,
    { readonly state: string; readonly nonce: string; readonly user: string }
  >();
  readonly #browserCookies = new Map<string, string>();
  /** The session cookies, by the sort key of their session. */
  readonly #sessionCookies = new Map<string, string>();
  /** The names of attempts, sessions, users and browsers, by their keys in the tables. */
  readonly #names = new Map<string, string>();

  private constructor(oneLogin: OneLogin, documents: readonly ProviderDocument[], tables: Tables) {
    this.#oneLogin = oneLogin;
    this.#documents = documents;
    this.empty = this.#intern(tables);
  }

  /** @param now when One Login's documents were fetched */
  static async create(now: number): Promise<Code> {
    const oneLogin = new OneLogin();
    const bodies = {
      discovery: discoveryBody,
      jwks: jwksBody(oneLogin.key),
      did: didBody(oneLogin.key),
      'id-token-key': oneLogin.key.kid,
    } as const;
    const documents = (['discovery', 'jwks', 'did', 'id-token-key'] as const).map((name) =>
      buildDocument(name, bodies[name], now, 1e12),
    );
    let tables: Tables = new Map();
    const store = new DynamoDbProviderDocumentStore(
      createClient(async (name, input) => {
        const execution = prepareOperation(name, input).execute(tables);
        tables = execution.tables;
        return execution.answer;
      }),
      'provider-documents',
    );
    for (const document of documents) await store.put(document);
    const code = new Code(oneLogin, documents, tables);
    for (const document of documents) await code.#unchanging.put(document);
    return code;
  }

  begin(request: Request, jar: Jar, now: number): Promise<CodePosition> {
    const start = { request, jar, beganAt: now, steps: [], issued: [] };
    return this.#reach(`${request.name} ${jar.hasBrowserCookie} ${jar.session?.id} ${now}`, start);
  }

  proceed(position: CodePosition, call: number, answer: Answer, now: number): Promise<CodePosition> {
    const steps = [...position.steps, { call, answer, now }];
    return this.#reach(`${position.id} ${call} ${answer.key} ${now}`, { ...position, steps });
  }

  execute(position: CodePosition, call: number, state: CodeState, now: number) {
    const { id, target } = position.calls.get(call) as CodeCall;
    const key = 'execute' in target ? `${id} ${state.id}` : `${id} ${state.id} ${now}`;
    const known = this.#executions.get(key);
    if (known !== undefined) return known;
    const execution = this.#execute(target, state, now);
    this.#executions.set(key, execution);
    return execution;
  }

  #execute(target: CodeCall['target'], state: CodeState, now: number): { state: CodeState; answer: Answer } {
    if (!('execute' in target)) {
      const { nonce, user } = this.#attempts.get(target.code) ?? { nonce: '', user: 'nobody' };
      const grant = { nonce, sub: userOf(user) };
      const { tables, answer } = this.#oneLogin.call(target, state.tables, now, grant);
      return { state: this.#intern(tables), answer: { key: JSON.stringify(answer), value: answer } };
    }
    try {
      const { tables, answer } = target.execute(state.tables);
      return { state: this.#intern(tables), answer: { key: JSON.stringify(answer), value: answer } };
    } catch (error) {
      return { state, answer: { key: 'refused', error } };
    }
  }

  #reach(key: string, to: Omit<CodePosition, 'id' | 'calls' | 'response'>): Promise<CodePosition> {
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    const reached = this.#run(to, this.#positions.size);
    this.#positions.set(key, reached);
    return reached;
  }

  async #run(
    { request, jar, beganAt, steps, issued: known }: Omit<CodePosition, 'id' | 'calls' | 'response'>,
    id: number,
  ): Promise<CodePosition> {
    const position = { id, request, jar, beganAt, steps };
    if (request.route === 'rotation') {
      const calls = new Map(
        steps.length === 0 ? [[0, this.#describeCall('One Login', { path: 'rotation' }, request)]] : [],
      );
      return {
        ...position,
        issued: known,
        calls,
        ...(steps.length > 0 && { response: { kind: 'rotated' } }),
      };
    }
    this.runs += 1;
    const run = new Run(this.#buildEvent(request, jar, beganAt), beganAt, this.#describeInstance(request));
    await run.settle();
    for (const step of steps) {
      run.answer(step);
      await run.settle();
    }
    const renamed = new Map<string, string>();
    for (const [index, first] of known.entries())
      collectDifferences(run.issued[index]?.input, first, renamed);
    const issued = run.issued.map(({ input }) => rename(input, renamed));
    const calls = [...run.open.keys()].map((index): [number, CodeCall] => [
      index,
      this.#describeCall(run.issued[index]?.name ?? '', issued[index], request),
    ]);
    const response = run.response && this.#describeResponse(run.response, request, renamed);
    for (const [index] of calls) {
      if (index >= known.length) await this.#learnSecrets(run, issued[index], request);
    }
    return { ...position, issued, calls: new Map(calls), ...(response && { response }) };
  }

  #describeInstance({ instance }: Request): InstanceDocuments {
    if (instance === undefined) return { store: this.#unchanging };
    const [{ fetchedAt: at = 0 } = {}] = this.#documents;
    const documents = new Map(this.#documents.map((document) => [document.name, document]));
    return instance === 'warm' ? { memory: { loaded: { at, documents } } } : {};
  }

  #describeCall(name: string, input: unknown, request: Request): CodeCall {
    this.#calls += 1;
    const id = this.#calls;
    if (name === 'One Login') {
      const path = (input as { path: string }).path;
      return {
        id,
        label: `One Login ${path}`,
        writes: false,
        // The keys, and what is signed with them, depend on a rotation.
        isLocal: path === 'userinfo' || (path === 'token' && request.instance === undefined),
        target: { path, code: request.code ?? request.attempt ?? '', key: request.key },
      };
    }
    const operation = prepareOperation(name, input as Record<string, unknown>);
    const consistently = operation.writes || operation.isConsistent ? '' : ', not consistently';
    return {
      id,
      label: operation.label + consistently,
      writes: operation.writes,
      isLocal: false,
      target: operation,
    };
  }

  /**
   * A cookie, or the `state` of an attempt, is only in the response. So the run that first stores a session or an attempt
   * goes on until it responds.
   */
  async #learnSecrets(run: Run, input: unknown, request: Request): Promise<void> {
    const { item, state_hash } = (input as { Item?: Record<string, { S: string } | undefined> }).Item ?? {};
    const key = item?.S.startsWith('session#') ? item.S : state_hash?.S;
    if (key === undefined || this.#names.has(key)) return;
    this.#names.set(key, request.name);
    while (run.response === undefined) {
      const [call] = run.open.keys();
      if (call === undefined) throw new Error('the request does not respond');
      run.answer({ call, answer: { key: 'kind', value: kindAnswer }, now: run.now });
      await run.settle();
    }
    const cookies = readCookies(run.response);
    if (state_hash === undefined) this.#sessionCookies.set(key, cookies.get(sessionCookieName) ?? '');
    else this.#learnAttempt(readLocation(run.response), cookies, request);
  }

  #describeResponse(
    response: APIGatewayProxyResult,
    request: Request,
    renamed: ReadonlyMap<string, string>,
  ): Response {
    const cookies = readCookies(response);
    const cookie = cookies.get(sessionCookieName);
    const location = readLocation(response);
    const kind = describeKind(response.statusCode, request.route, location, Boolean(cookie));
    if (cookie === undefined) return { kind };
    if (cookie === '') return { kind, clears: true };
    const own = `session#${hash(cookie.split('.')[1] ?? '')}`;
    const id = renamed.get(own) ?? own;
    return { kind, session: { name: this.#names.get(id) ?? 'unknown', id } };
  }

  #learnAttempt(
    location: string,
    cookies: ReadonlyMap<string, string>,
    { name, user = 'maria', browser = '' }: Request,
  ): void {
    const claims = JSON.parse(
      Buffer.from(new URL(location).searchParams.get('request')?.split('.')[1] ?? '', 'base64url').toString(),
    ) as { state: string; nonce: string };
    this.#attempts.set(name, { ...claims, user });
    this.#names.set(deriveSubjectKey(clientId, userOf(user)), user);
    for (const [cookieName, value] of cookies) {
      if (!cookieName.startsWith(browserCookieName)) continue;
      this.#browserCookies.set(browser, `${cookieName}=${value}`);
      this.#names.set(hash(value), browser);
    }
  }

  #buildEvent(request: Request, jar: Jar, now: number): EventOptions {
    const { route, browser = '', attempt = '', code = attempt, user = '', token = '' } = request;
    const cookies = [
      ...(jar.hasBrowserCookie ? [this.#browserCookies.get(browser)] : []),
      ...(jar.session ? [`${sessionCookieName}=${this.#sessionCookies.get(jar.session.id)}`] : []),
    ];
    const headers = cookies.length > 0 ? { Cookie: cookies.join('; ') } : {};
    const state = this.#attempts.get(attempt)?.state ?? '';
    switch (route) {
      case 'callback':
        return { path: `/auth/callback?${new URLSearchParams({ code: `code-${code}`, state })}`, headers };
      case 'failed callback':
        return { path: `/auth/callback?${new URLSearchParams({ error: 'login_required', state })}`, headers };
      case 'logout':
        return { path: '/auth/logout', headers: { ...headers, ...fromOwnPage.headers } };
      case 'backchannel-logout': {
        const body = new URLSearchParams({
          logout_token: this.#oneLogin.signLogoutToken(userOf(user), token, now),
        }).toString();
        return {
          method: 'POST',
          path: '/auth/backchannel-logout',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body,
        };
      }
      case 'userinfo':
        return { path: '/auth/userinfo', headers };
      default:
        return { path: `/auth/${route}`, headers: { ...headers, ...navigation.headers } };
    }
  }

  #intern(tables: Tables): CodeState {
    const key = JSON.stringify([...tables].sort(([one], [other]) => (one < other ? -1 : 1)));
    const describe = () => this.#describe(tables);
    let view: View | undefined;
    return this.#states.get(key, (id) => ({
      id,
      tables,
      // Names are known once the browser has them.
      get view() {
        view ??= describe();
        return view;
      },
    }));
  }

  #describe(tables: Tables): View {
    const view: { [Part in Exclude<keyof View, 'keys'>]: Record<string, View[Part][string]> } = {
      attempts: {},
      sessions: {},
      marks: {},
    };
    for (const [path, item] of tables) {
      const number = (name: string) => Number(item[name]?.['N'] ?? Number.NaN);
      const name = (key: string) => this.#names.get(String(item[key]?.['S'])) ?? path;
      if (path.startsWith('login-attempts|')) {
        view.attempts[name('state_hash')] = {
          isConsumed: 'consumed_at' in item,
          expiresAt: number('valid_until'),
        };
      } else if (path.includes('|session#')) {
        view.sessions[name('item')] = {
          idle: number('idle_expires_at'),
          absolute: number('absolute_expires_at'),
        };
      } else if (path.includes('|revoked-before')) view.marks[name('subject_key')] = number('revoked_before');
    }
    const { body, fetched_at } = tables.get('provider-documents|jwks|documents') ?? {};
    const { keys = [] } = JSON.parse(String(body?.['S'] ?? '{}')) as { keys?: { readonly kid: string }[] };
    return {
      ...view,
      keys: {
        stored: keys.map(({ kid }) => kid),
        fetchedAt: Number(fetched_at?.['N']),
        requestedAt: this.#oneLogin.listRequests(tables),
      },
    };
  }
}

function describeKind(
  status: number,
  route: Request['route'],
  location: string,
  setsSession: boolean,
): Response['kind'] {
  if (status === 401 && route === 'userinfo') return 'login required';
  if (status >= 400) return 'refused';
  if (route === 'userinfo') return 'user';
  if (route === 'logout') return location.startsWith(`${issuer}logout`) ? 'signed out' : 'refused';
  if (route === 'backchannel-logout') return 'revoked';
  if (location.startsWith(`${issuer}authorize`)) return 'begun';
  return setsSession ? 'signed in' : 'already signed in';
}

function readCookies(response: APIGatewayProxyResult): ReadonlyMap<string, string> {
  return new Map(
    (response.multiValueHeaders?.['Set-Cookie'] ?? []).map((cookie): [string, string] => {
      const [pair = ''] = String(cookie).split(';');
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Where an instance gets One Login's documents from. */
interface InstanceDocuments {
  /** @default the table */
  readonly store?: ProviderDocumentStore;
  /** @default it has not read them */
  readonly memory?: ConstructorParameters<typeof ProviderDocumentCache>[1];
}

function createClient(call: (name: string, input: Record<string, unknown>) => Promise<unknown>): DynamoDb {
  const send = async (command: { readonly input: object; readonly constructor: { readonly name: string } }) =>
    fromWire(await call(command.constructor.name, toWire(command.input) as Record<string, unknown>));
  return { send } as unknown as DynamoDb;
}

/** One request on its way through the code. Each of its calls waits until it gets an answer. */
class Run {
  now: number;
  response: APIGatewayProxyResult | undefined;
  readonly issued: { readonly name: string; readonly input: unknown }[] = [];
  readonly open = new Map<number, PromiseWithResolvers<unknown>>();

  /** @param now when the request begins */
  constructor(options: EventOptions, now: number, { store, memory }: InstanceDocuments) {
    this.now = now;
    let waited = 0;
    const clock = {
      now: () => this.now + waited,
      wait: async (milliseconds: number) => {
        waited += milliseconds;
      },
    };
    const client = createClient((name, input) => this.#call(name, input));
    const documentStore = store ?? new DynamoDbProviderDocumentStore(client, 'provider-documents');
    const send = async ({ url }: ProviderRequest) =>
      (await this.#call('One Login', { path: url.replace(issuer, '') })) as ProviderResponse;
    const routes: Readonly<Record<string, ReturnType<typeof createInstance>['/auth/login']>> = createInstance(
      {
        attempts: new DynamoDbLoginAttemptStore(client, 'login-attempts'),
        sessions: new DynamoDbUserSessionStore(client, 'sessions', clock),
        places: new MemoryPlaceStore(),
        store: documentStore,
        documents: new ProviderDocumentCache({ store: documentStore, clock, issuer }, memory),
        clock,
        provider: { send },
        signer: { keyId: 'key', algorithm: 'PS256', sign: async () => new Uint8Array(256) },
        write: () => {},
        settings: {
          clientId,
          publicUrl,
          issuer,
          coreIdentity: { issuer: identityIssuer, did, didDocumentUrl },
          claims: [],
          identityVtr: [],
        },
      },
    );
    const event = apiEvent(options);
    void routes[event.path]?.(event, {} as Context).then((response) => {
      this.response = response;
    });
  }

  #call(name: string, input: unknown): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.open.set(this.issued.length, waiting);
    this.issued.push({ name, input });
    return waiting.promise;
  }

  answer({ call, answer, now }: Step): void {
    const waiting = this.open.get(call);
    if (waiting === undefined) throw new Error(`there is no open call ${call}`);
    this.now = now;
    this.open.delete(call);
    if (answer.value !== undefined) waiting.resolve(answer.value);
    else if (answer.error !== undefined) waiting.reject(answer.error);
    else {
      const { name } = this.issued[call] ?? {};
      const lost = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      waiting.reject(name === 'One Login' ? new RelyingPartyError('provider_timed_out', 'no answer') : lost);
    }
  }

  /** Waits until nothing happens without an answer. */
  async settle(): Promise<void> {
    do await setImmediate();
    while (this.open.size === 0 && this.response === undefined);
    await setImmediate();
  }
}

/** Collects the random values of a run, with those of the first run in their place. */
function collectDifferences(own: unknown, first: unknown, renamed: Map<string, string>): void {
  if (typeof own === 'string' && typeof first === 'string') {
    if (own !== first) renamed.set(own, first);
  } else if (typeof own === 'object' && own !== null) {
    for (const [name, part] of Object.entries(own)) collectDifferences(part, Object(first)[name], renamed);
  }
}

function rename(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return renamed.get(value) ?? value;
  if (Array.isArray(value)) return value.map((part) => rename(part, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rename(part, renamed)]));
}
