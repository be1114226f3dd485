/** Faults of a deployment that the doctor knows, each made by changing answers on their way to it. */
import { type Answer, createNetwork, type Exchange, type Transport } from '../../../bin/doctor/transport.ts';

/** What stands between the doctor and the deployment, and changes some answers. */
export type Fault = (answer: Answer, url: URL) => Partial<Answer> | undefined;

export function network(fault: Fault): Transport {
  const real = createNetwork();
  return {
    ...real,
    send: async (probe): Promise<Exchange> => {
      const exchange = await real.send(probe);
      if (!('answer' in exchange)) return exchange;
      const { answer, url } = exchange;
      return { url, answer: { ...answer, ...fault(answer, new URL(url)) } };
    },
  };
}

const path = (url: URL, end: string) => url.pathname.endsWith(end);

/** Ours are below /auth, the rest is the stand-in's. */
export const isOurs = (url: URL) => url.pathname.startsWith('/auth/');

export function withHeader({ headers }: Answer, name: string, ...values: string[]): Partial<Answer> {
  return { headers: { ...headers, [name]: values } };
}

function withJson({ body }: Answer, change: (document: Record<string, unknown>) => unknown): Partial<Answer> {
  return { body: JSON.stringify(change(JSON.parse(body))) };
}

/** Changes the first key of our JWKS. */
export const ourKey =
  (change: (jwk: Record<string, unknown>) => readonly unknown[]): Fault =>
  (answer, url) =>
    isOurs(url) && path(url, 'jwks.json')
      ? withJson(answer, ({ keys }) => ({ keys: change((keys as Record<string, unknown>[])[0] ?? {}) }))
      : undefined;

/** Changes the claims of the request object; its signature is not verified any more then. */
const requestClaims =
  (change: object): Fault =>
  (answer, url) => {
    if (!isOurs(url) || !path(url, '/login')) return undefined;
    const location = new URL(answer.headers['location']?.[0] ?? '');
    const [header, claims = '', signature] = (location.searchParams.get('request') ?? '').split('.');
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
    const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
    location.searchParams.set('request', [header, encoded, signature].join('.'));
    return withHeader(answer, 'location', location.href);
  };

const on =
  (ours: boolean, end: string, change: (answer: Answer, url: URL) => Partial<Answer>): Fault =>
  (answer, url) =>
    isOurs(url) === ours && path(url, end) ? change(answer, url) : undefined;
export const onOurs = (end: string, change: (answer: Answer, url: URL) => Partial<Answer>) =>
  on(true, end, change);
export const onTheirs = (end: string, change: (answer: Answer, url: URL) => Partial<Answer>) =>
  on(false, end, change);

/** Of the request object in a request to One Login. */
function redirectUriIn(url: URL): string {
  const claims = url.searchParams.get('request')?.split('.')[1] ?? '';
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).redirect_uri;
}

export const login = 'login';
const cookie = '__Host-one-login-browser=x; Path=/; Secure; HttpOnly; SameSite=Lax';
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toUTCString();

/** Each breaks one thing: the check that must fail. */
export const faults: readonly (readonly [check: string, what: string, fault: Fault])[] = [
  [
    'user-agent',
    'a firewall that refuses the User-Agent',
    (_, url) => (isOurs(url) ? undefined : { status: 403 }),
  ],
  ['discovery', 'no discovery document', onTheirs('openid-configuration', () => ({ status: 500 }))],
  [
    'discovery',
    'another issuer',
    onTheirs('openid-configuration', (a) => withJson(a, (d) => ({ ...d, issuer: 'https://other.example/' }))),
  ],
  [
    'discovery',
    'an issuer without its slash',
    onTheirs('openid-configuration', (a) =>
      withJson(a, (d) => ({ ...d, issuer: String(d['issuer']).slice(0, -1) })),
    ),
  ],
  [
    'discovery',
    'no ES256',
    onTheirs('openid-configuration', (a) =>
      withJson(a, (d) => ({ ...d, id_token_signing_alg_values_supported: ['RS256'] })),
    ),
  ],
  ['provider-jwks', "a provider's JWKS without keys", onTheirs('jwks.json', () => ({ body: '{"keys":[]}' }))],
  [
    'provider-jwks',
    "a provider's JWKS with RSA keys only",
    onTheirs('jwks.json', (a) =>
      withJson(a, ({ keys }) => ({ keys: (keys as { kty: string }[]).filter(({ kty }) => kty === 'RSA') })),
    ),
  ],
  [
    'did-document',
    'the DID document of another environment',
    onTheirs('did.json', (a) => withJson(a, (d) => ({ ...d, id: 'did:web:other.example' }))),
  ],
  ['did-document', 'no DID document', onTheirs('did.json', () => ({ status: 404 }))],
  ['jwks-answer', 'a JWKS that takes too long', onOurs('jwks.json', () => ({ milliseconds: 501 }))],
  ['jwks-answer', 'a JWKS behind a redirect', onOurs('jwks.json', () => ({ status: 301 }))],
  [
    'jwks-answer',
    'a JWKS that is no JSON',
    onOurs('jwks.json', (a) => withHeader(a, 'content-type', 'text/html')),
  ],
  [
    'jwks-answer',
    'a JWKS that is too long',
    onOurs('jwks.json', ({ body }) => ({ body: body + ' '.repeat(50 * 1024) })),
  ],
  [
    'jwks-keys',
    'an EC key',
    ourKey((jwk) => [jwk, { kty: 'EC', crv: 'P-256', kid: 'ec', use: 'sig', alg: 'ES256' }]),
  ],
  ['jwks-keys', 'a kid twice', ourKey((jwk) => [jwk, jwk])],
  ['jwks-keys', 'no use', ourKey(({ use: _, ...jwk }) => [jwk])],
  ['jwks-keys', 'no alg', ourKey(({ alg: _, ...jwk }) => [jwk])],
  ['jwks-keys', 'a private key', ourKey((jwk) => [{ ...jwk, d: 'AQAB' }])],
  ['login', 'a login that fails', onOurs(login, () => ({ status: 503 }))],
  [
    'login',
    'a login that leads elsewhere',
    onOurs(login, (a) => withHeader(a, 'location', 'https://other.example/authorize')),
  ],
  ['request-object', 'a key that is not in the JWKS', ourKey((jwk) => [{ ...jwk, kid: 'another' }])],
  [
    'request-object',
    'a JWKS of another deployment',
    ourKey((jwk) => [{ ...jwk, n: `zz${String(jwk['n']).slice(2)}` }]),
  ],
  ['request-object', 'another audience', requestClaims({ aud: 'https://other.example/authorize' })],
  ['request-object', 'no PKCE', requestClaims({ code_challenge: undefined })],
  ['request-object', 'another level', requestClaims({ vtr: ['Cl'] })],
  ['registration', 'a client that One Login does not know', onTheirs('/authorize', () => ({ status: 400 }))],
  ['registration', 'keys that One Login could not read', onTheirs('/authorize', () => ({ status: 500 }))],
  [
    'registration',
    'a client that is switched off',
    onTheirs('/authorize', (a, url) => ({
      status: 302,
      ...withHeader(a, 'location', `${redirectUriIn(url)}?error=unauthorized_client`),
    })),
  ],
  [
    'clock',
    'a provider whose clock is a minute slow',
    (a, url) => (isOurs(url) ? undefined : withHeader(a, 'date', ago(60))),
  ],
  [
    'cookies',
    'a cookie without Secure',
    onOurs(login, (a) => withHeader(a, 'set-cookie', cookie.replace(' Secure;', ''))),
  ],
  [
    'cookies',
    'a cookie without HttpOnly',
    onOurs(login, (a) => withHeader(a, 'set-cookie', cookie.replace(' HttpOnly;', ''))),
  ],
  [
    'cookies',
    'a cookie without SameSite',
    onOurs(login, (a) => withHeader(a, 'set-cookie', cookie.replace(' SameSite=Lax', ''))),
  ],
  [
    'cookies',
    'a cookie for a domain',
    onOurs(login, (a) => withHeader(a, 'set-cookie', `${cookie}; Domain=example.gov.uk`)),
  ],
  ['cookies', 'no cookie', onOurs(login, (a) => withHeader(a, 'set-cookie'))],
  ['callback', 'a callback that is not there', onOurs('/callback', () => ({ status: 404 }))],
  [
    'callback',
    'a callback that answers JSON',
    onOurs('/callback', (a) => withHeader(a, 'content-type', 'application/json')),
  ],
  [
    'userinfo',
    'somebody signed in without a cookie',
    onOurs('/userinfo', () => ({ status: 200, body: '{"sub":"x"}' })),
  ],
  ['userinfo', 'a failure that is nobody being signed in', onOurs('/userinfo', () => ({ status: 503 }))],
  ['logout', 'a sign-out that does not ask', onOurs('/logout', () => ({ status: 303 }))],
  ['logout', 'no page after a sign-out', onOurs('/signed-out', () => ({ status: 404 }))],
  [
    'backchannel-logout',
    'a firewall before the back channel',
    onOurs('/backchannel-logout', () => ({ status: 403 })),
  ],
  [
    'backchannel-logout',
    'a back channel that takes anything',
    onOurs('/backchannel-logout', () => ({ status: 200, body: '' })),
  ],
  ['security-headers', 'a cache', onOurs('/userinfo', (a) => withHeader(a, 'age', '12'))],
  ...[
    'cache-control',
    'referrer-policy',
    'x-content-type-options',
    'strict-transport-security',
    'content-security-policy',
  ].map(
    (name) => ['security-headers', `no ${name}`, onOurs('/callback', (a) => withHeader(a, name))] as const,
  ),
  ...[
    "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    "default-src 'none'; script-src *; frame-ancestors 'none'",
    "default-src 'none'; img-src 'self' https:; frame-ancestors 'none'",
    "default-src 'none'; font-src https://fonts.example; frame-ancestors 'none'",
    "default-src https:; frame-ancestors 'none'",
    "default-src 'none'; frame-ancestors 'self'",
  ].map(
    (policy) =>
      [
        'security-headers',
        `the weak policy ${policy}`,
        onOurs('/callback', (a) => withHeader(a, 'content-security-policy', policy)),
      ] as const,
  ),
];
