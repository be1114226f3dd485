/** Requests to the routes as data: valid ones, with changes. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { serializeSignOutState } from '../../lambdas/core/flow/sign-out-state.ts';
import { apiEvent } from '../../test/support/api-event.ts';
import { cookieNames } from '../../test/support/cookie-names.ts';
import { changeText, hostileText, rarely, type TextChange, textChange } from './hostile-values.ts';
import { clientId, type World } from './world.ts';

/** The values that only a user who is under way has. */
export const secretNames = ['state', 'code', 'session', 'browser', 'logout token'] as const;

/** A text, or a value of the world, and its changes. */
export interface Value {
  readonly secret?: (typeof secretNames)[number] | undefined;
  readonly text: string;
  readonly changes: readonly TextChange[];
}

export function resolveValue(world: World, { secret, text, changes }: Value): string {
  const values = {
    state: () => world.state,
    code: () => world.code,
    session: () => world.sessionCookie,
    browser: () => world.browserCookie.value,
    // The same for the same input, so that a failure can be repeated.
    'logout token': () => world.provider.logoutToken(clientId, { jti: 'jti-1' }),
  };
  return changes.reduce(changeText, secret === undefined ? text : values[secret]());
}

const changes = fc.oneof(
  { arbitrary: fc.constant([]), weight: 3 },
  { arbitrary: fc.array(textChange, { maxLength: 2 }), weight: 1 },
);
const secretValue = (secret: Value['secret']) =>
  fc.record({ secret: fc.constant(secret), text: fc.constant(''), changes });
const usualValue = (...texts: readonly string[]) => fc.record({ text: fc.constantFrom(...texts), changes });
const hostileValue = fc.record({ text: hostileText, changes: fc.constant([]) });
const anyValue = fc.oneof(hostileValue, fc.constantFrom(...secretNames).chain(secretValue));

const addresses = [
  '/claims/12?a=b#c',
  'https://forms.example/page',
  'https://service.example/x',
  '/auth/login',
  '//attacker.example',
  '/\\attacker.example',
  'https:attacker.example',
  'https://forms.example@attacker.example/',
  'https://forms.example:443@attacker.example/',
  '/%2f/attacker.example',
  '/%5cattacker.example',
  '/..//attacker.example',
  '/.%09/attacker.example',
  'javascript:alert(1)//https://forms.example',
  'data:text/html,x',
  'https://xn--e1afmkfd.example/',
  'https://FORMS.example/',
  'https://forms.example./',
  'https://forms.example\u3002attacker.example/',
] as const;

/** The addresses that were used for open redirects, and changes of them. */
const address = fc.record({ text: fc.constantFrom(...addresses), changes });

/** The values that a parameter usually has. */
const parameterValues: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  return_to: address,
  lang: usualValue('en', 'cy', 'cy-GB', 'CY'),
  journey: usualValue('a', 'toString'),
  step: usualValue('continue'),
  ask: usualValue('1'),
  peek: usualValue('1'),
  code: secretValue('code'),
  state: fc.oneof(
    secretValue('state'),
    address.map(({ text, changes }) => ({
      text: serializeSignOutState({ language: 'en', returnTo: text }),
      changes,
    })),
  ),
  error: usualValue(
    'access_denied',
    'login_required',
    'temporarily_unavailable',
    'server_error',
    'invalid_request',
  ),
  error_description: hostileValue,
  page: usualValue('problem', 'denied', 'start-again', 'identity-not-proved', 'switched-browser'),
  reference: usualValue('0123abcd'),
  purpose: usualValue('login', 'prove-identity', 'reauthenticate'),
  repeats: usualValue('max_age'),
  id_token_hint: hostileValue,
  client_id: hostileValue,
  redirect_uri: address,
};
const parameterNames = Object.keys(parameterValues);

/** The parameters without which a route has little to do. */
const usualParameters: Readonly<Record<string, readonly string[]>> = {
  '/auth/login': ['return_to'],
  '/auth/callback': ['state'],
  '/auth/message': ['page', 'reference', 'purpose', 'return_to'],
  '/auth/signed-out': ['state'],
  '/auth/in-person-return': ['step'],
};

export const routeNames = [
  '/auth/login',
  '/auth/reauthenticate',
  '/auth/prove-identity',
  '/auth/in-person-return',
  '/auth/message',
  '/auth/callback',
  '/auth/userinfo',
  '/auth/logout',
  '/auth/signed-out',
  '/auth/backchannel-logout',
] as const;
export type RouteName = (typeof routeNames)[number];

/** A name, which may be written in another way, and all its values. Null is what API Gateway has in place of no values. */
type Values = readonly [name: string, values: readonly Value[] | null];

function parameter(name: string): fc.Arbitrary<Values> {
  const value = fc.oneof(
    { arbitrary: parameterValues[name] ?? hostileValue, weight: 4 },
    { arbitrary: anyValue, weight: 1 },
  );
  const values = fc.oneof(
    { arbitrary: fc.tuple(value), weight: 8 },
    { arbitrary: fc.array(value, { maxLength: 3 }), weight: 1 },
    { arbitrary: fc.constant(null), weight: 1 },
  );
  return fc.tuple(fc.constant(name), values);
}

const anyParameter = fc.oneof(
  { arbitrary: fc.constantFrom(...parameterNames).chain(parameter), weight: 3 },
  { arbitrary: fc.tuple(hostileText, fc.array(hostileValue, { maxLength: 2 })), weight: 1 },
);

function query(route: RouteName): fc.Arbitrary<readonly Values[]> {
  const usual = (usualParameters[route] ?? []).map((name) =>
    fc.option(parameter(name), { freq: 8, nil: undefined }),
  );
  const more = fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    { arbitrary: fc.array(anyParameter, { maxLength: 4 }), weight: 1 },
  );
  // With both, it is malformed.
  const response = fc
    .constantFrom(['code'], ['code'], ['error', 'error_description'])
    .chain((names) => fc.tuple(...names.map(parameter)));
  return fc
    .tuple(fc.tuple(...usual), route === '/auth/callback' ? response : fc.constant([]), more)
    .map(([first, second, rest]) => [...first.filter((each) => each !== undefined), ...second, ...rest]);
}

/** A cookie, with what stands before and behind its name. */
interface Cookie {
  readonly name: 'session' | 'browser' | 'rounds' | { readonly other: string };
  readonly before: string;
  readonly behind: string;
  readonly value: Value;
}

/** Only the first two are white space to a browser (RFC 6265, 5.2). */
const spaces = fc.oneof(
  { arbitrary: fc.constant(''), weight: 8 },
  {
    arbitrary: fc.constantFrom(' ', '\t', '\u00a0', '\u2000', '\v', '\u0000', '\ufeff', '"', 'x'),
    weight: 1,
  },
);
const cookieOf = (name: Cookie['name'], value: fc.Arbitrary<Value>): fc.Arbitrary<Cookie> =>
  fc.record({ name: fc.constant(name), before: spaces, behind: spaces, value });
/** That of another browser, of the right form (an earlier version had this name). */
const foreignCookie = cookieOf({ other: cookieNames.browser }, usualValue('b'.repeat(43)));
const usualCookie = fc.oneof(
  foreignCookie,
  cookieOf('session', secretValue('session')),
  cookieOf('browser', secretValue('browser')),
  cookieOf('rounds', usualValue('6.aaaaaaaa.1780000000000')),
);
const hostileCookie = fc.oneof(
  fc.constantFrom('session' as const, 'browser' as const).chain((name) => cookieOf(name, anyValue)),
  hostileText.chain((other) => cookieOf({ other }, anyValue)),
);

/** One list for each Cookie header. */
const cookieHeaders: fc.Arbitrary<readonly (readonly Cookie[])[]> = fc.oneof(
  { arbitrary: fc.tuple(fc.tuple(foreignCookie)), weight: 1 },
  {
    arbitrary: fc.tuple(
      fc.tuple(cookieOf('session', secretValue('session')), cookieOf('browser', secretValue('browser'))),
    ),
    weight: 3,
  },
  {
    arbitrary: fc.array(
      fc.array(fc.oneof({ arbitrary: usualCookie, weight: 3 }, { arbitrary: hostileCookie, weight: 1 }), {
        maxLength: 4,
      }),
      { maxLength: 2 },
    ),
    weight: 2,
  },
);

function writeCookies(world: World, cookies: readonly Cookie[]): string {
  return cookies
    .map(({ name, before, behind, value }) => {
      const names = {
        session: cookieNames.session,
        browser: world.browserCookie.name,
        rounds: cookieNames.rounds,
      };
      return `${before}${typeof name === 'string' ? names[name] : name.other}${behind}=${resolveValue(world, value)}`;
    })
    .join('; ');
}

const headerValues: Readonly<Record<string, readonly string[]>> = {
  'Sec-Fetch-Site': ['same-origin', 'same-site', 'cross-site', 'none'],
  'Sec-Fetch-Mode': ['navigate', 'cors', 'no-cors'],
  'Sec-Fetch-Dest': ['document', 'iframe', 'empty', 'image'],
  Origin: [
    'https://service.example',
    'null',
    'https://attacker.example',
    'https://service.example.attacker.example',
  ],
  'Accept-Language': ['cy,en;q=0.5', 'cy;q=1e999', 'en;q=-1', `${'cy;q=0.1,'.repeat(3000)}`],
  'Content-Type': [
    'application/x-www-form-urlencoded',
    'application/json',
    'multipart/form-data; boundary=x',
    'APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-7',
  ],
  'Sec-Purpose': ['prefetch'],
  Host: ['attacker.example'],
  'X-Forwarded-Host': ['attacker.example'],
  'X-Forwarded-Proto': ['http'],
  Forwarded: ['host=attacker.example'],
  'X-Original-URL': ['/auth/userinfo'],
  'X-HTTP-Method-Override': ['DELETE'],
  Referer: ['https://attacker.example/'],
  Authorization: ['Bearer x'],
};

const header: fc.Arbitrary<Values> = fc.oneof(
  {
    arbitrary: fc.constantFrom(...Object.keys(headerValues)).chain((name) => {
      const value = fc.oneof(
        { arbitrary: usualValue(...(headerValues[name] ?? [])), weight: 5 },
        { arbitrary: hostileValue, weight: 1 },
      );
      const written = fc.constantFrom(name, name, name.toLowerCase(), name.toUpperCase());
      return fc.tuple(
        written,
        fc.oneof(
          { arbitrary: fc.tuple(value), weight: 6 },
          { arbitrary: fc.array(value, { maxLength: 3 }), weight: 1 },
          { arbitrary: fc.constant(null), weight: 1 },
        ),
      );
    }),
    weight: 5,
  },
  { arbitrary: fc.tuple(hostileText, fc.array(hostileValue, { maxLength: 2 })), weight: 1 },
);

interface Body {
  readonly fields: readonly Values[];
  readonly changes: readonly TextChange[];
  readonly repeated: number;
}

const body: fc.Arbitrary<Body> = fc.record({
  fields: fc.oneof(
    {
      arbitrary: fc.constantFrom<readonly Values[]>([
        ['logout_token', [{ secret: 'logout token', text: '', changes: [] }]],
      ]),
      weight: 2,
    },
    {
      arbitrary: fc.array(
        fc.oneof(fc.tuple(fc.constant('logout_token'), fc.array(anyValue, { maxLength: 2 })), anyParameter),
        { maxLength: 4 },
      ),
      weight: 1,
    },
  ),
  changes,
  repeated: fc.oneof(
    { arbitrary: fc.constant(1), weight: 10 },
    { arbitrary: fc.constantFrom(99, 101, 2000), weight: 1 },
  ),
});

/** A request to a route. */
export interface RequestInput {
  readonly route: RouteName;
  readonly method: string;
  readonly query: readonly Values[];
  readonly cookies: readonly (readonly Cookie[])[];
  readonly headers: readonly Values[];
  readonly body?: Body | undefined;
  /** How API Gateway wrote the event. */
  readonly event: {
    readonly nullHeaders: boolean;
    readonly base64: 'no' | 'yes' | 'only in name';
    readonly requestId?: string | undefined;
  };
}

const methods: Readonly<Partial<Record<RouteName, readonly string[]>>> = {
  '/auth/logout': ['GET', 'POST', 'HEAD'],
  '/auth/backchannel-logout': ['POST'],
};
const usualHeaders: Readonly<Partial<Record<RouteName, readonly Values[]>>> = {
  '/auth/logout': [['Sec-Fetch-Site', [{ text: 'same-origin', changes: [] }]]],
  '/auth/backchannel-logout': [
    ['Content-Type', [{ text: 'application/x-www-form-urlencoded', changes: [] }]],
  ],
};

/** Requests to one of these routes. */
export function requestInputs(...routes: readonly RouteName[]): fc.Arbitrary<RequestInput> {
  return fc.constantFrom(...routes).chain((route) =>
    fc.record({
      route: fc.constant(route),
      method: fc.constantFrom(...(methods[route] ?? ['GET', 'GET', 'GET', 'HEAD'])),
      query: query(route),
      cookies: cookieHeaders,
      headers: fc.oneof(
        { arbitrary: fc.constant(usualHeaders[route] ?? []), weight: 2 },
        {
          arbitrary: fc
            .tuple(fc.boolean(), fc.array(header, { maxLength: 5 }))
            .map(([usual, more]) => [...(usual ? (usualHeaders[route] ?? []) : []), ...more]),
          weight: 2,
        },
      ),
      body: route === '/auth/backchannel-logout' ? body : rarely(body),
      event: fc.record({
        nullHeaders: fc.oneof(
          { arbitrary: fc.constant(false), weight: 30 },
          { arbitrary: fc.constant(true), weight: 1 },
        ),
        base64: fc.oneof(
          { arbitrary: fc.constant('no' as const), weight: 4 },
          { arbitrary: fc.constantFrom('yes' as const, 'only in name' as const), weight: 1 },
        ),
        requestId: rarely(hostileText),
      }),
    }),
  );
}

/** The event, and the values in it as a judge reads them. */
export interface ResolvedRequest {
  readonly event: APIGatewayProxyEvent;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly cookieHeaders: readonly string[];
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

export function resolveRequest(world: World, input: RequestInput): ResolvedRequest {
  const resolve = (all: readonly Values[]) =>
    new Map(all.map(([name, values]) => [name, values?.map((value) => resolveValue(world, value)) ?? null]));
  const query = resolve(input.query);
  const headers = resolve(input.headers);
  const cookies = input.cookies.map((each) => writeCookies(world, each));
  if (cookies.length > 0) headers.set('Cookie', cookies);
  const { nullHeaders, base64, requestId } = input.event;
  const written = apiEvent({ path: input.route, method: input.method });
  const text = input.body === undefined ? null : writeBody(world, input.body);
  const event = {
    ...written,
    multiValueHeaders: nullHeaders ? null : Object.fromEntries(headers),
    headers: nullHeaders
      ? null
      : Object.fromEntries([...headers].map(([name, values]) => [name, values?.at(-1)])),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    body: text !== null && base64 === 'yes' ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: base64 !== 'no',
    requestContext: { ...written.requestContext, ...(requestId === undefined ? {} : { requestId }) },
  } as APIGatewayProxyEvent;
  const kept = nullHeaders ? [] : [...headers];
  return {
    event,
    query: new Map([...query].map(([name, values]) => [name, values ?? []])),
    cookieHeaders: nullHeaders
      ? []
      : kept.flatMap(([name, values]) => (name.toLowerCase() === 'cookie' ? (values ?? []) : [])),
    headers: collect(kept),
  };
}

/** Every value by its name in lower case. */
function collect(
  headers: readonly (readonly [string, readonly string[] | null])[],
): ReadonlyMap<string, readonly string[]> {
  const collected = new Map<string, readonly string[]>();
  for (const [name, values] of headers) {
    const key = name.toLowerCase();
    collected.set(key, [...(collected.get(key) ?? []), ...(values ?? [])]);
  }
  return collected;
}

function writeBody(world: World, { fields, changes, repeated }: Body): string {
  const pairs = fields.flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, resolveValue(world, value)]),
  );
  return Array(repeated)
    .fill(changes.reduce(changeText, String(new URLSearchParams(pairs))))
    .join('&');
}
