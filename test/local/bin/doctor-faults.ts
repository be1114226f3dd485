/** Faults of a deployment that the doctor finds. Each changes an answer before the doctor gets it. */
import {
  ago,
  type Fault,
  identitySentBack,
  isOurs,
  onOurs,
  onTheirs,
  ourKey,
  requestClaims,
  requestQuery,
  sentBack,
  withHeader,
  withJson,
} from './doctor-answers.ts';

export const login = 'login';
const cookie = '__Host-one-login-browser-x=x; Path=/; Secure; HttpOnly; SameSite=Lax';

/** Each fault causes one check to fail. */
export const faults: readonly (readonly [check: string, what: string, fault: Fault])[] = [
  [
    'user-agent',
    'a firewall that refuses the User-Agent',
    (_, url) => (isOurs(url) ? undefined : { status: 403 }),
  ],
  ['discovery', 'no discovery document', onTheirs('openid-configuration', { status: 500 })],
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
  ['provider-jwks', "a provider's JWKS without keys", onTheirs('jwks.json', { body: '{"keys":[]}' })],
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
  ['did-document', 'no DID document', onTheirs('did.json', { status: 404 })],
  ['jwks-answer', 'a slow JWKS', onOurs('jwks.json', { milliseconds: 501 })],
  ['jwks-answer', 'a JWKS behind a redirect', onOurs('jwks.json', { status: 301 })],
  [
    'jwks-answer',
    'a JWKS that is not JSON',
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
  ['jwks-keys', 'two keys with one kid', ourKey((jwk) => [jwk, jwk])],
  ['jwks-keys', 'no use', ourKey(({ use: _, ...jwk }) => [jwk])],
  ['jwks-keys', 'no alg', ourKey(({ alg: _, ...jwk }) => [jwk])],
  ['jwks-keys', 'no kid', ourKey(({ kid: _, ...jwk }) => [jwk])],
  ['jwks-keys', 'no keys', ourKey(() => [])],
  ['jwks-keys', 'a key that is not an object', ourKey((jwk) => [jwk, 'a key'])],
  // 172 characters are 129 bytes.
  ['jwks-keys', 'a short key', ourKey((jwk) => [{ ...jwk, n: String(jwk['n']).slice(0, 172) }])],
  ['jwks-keys', 'a private key', ourKey((jwk) => [{ ...jwk, d: 'AQAB' }])],
  ['login', 'a login that fails', onOurs(login, { status: 503 })],
  [
    'login',
    'a login that redirects to another host',
    onOurs(login, (a) => withHeader(a, 'location', 'https://other.example/authorize')),
  ],
  ...['response_type', 'scope', 'client_id'].map(
    (name) => ['login', `another ${name}`, requestQuery((query) => query.set(name, 'another'))] as const,
  ),
  ['login', 'a request that is too long', requestQuery((query) => query.set('ui', 'x'.repeat(4096)))],
  ['request-object', 'a key that is not in the JWKS', ourKey((jwk) => [{ ...jwk, kid: 'another' }])],
  [
    'request-object',
    'a JWKS of another deployment',
    ourKey((jwk) => [{ ...jwk, n: `zz${String(jwk['n']).slice(2)}` }]),
  ],
  ['request-object', 'another audience', requestClaims({ aud: 'https://other.example/authorize' })],
  ['request-object', 'no PKCE', requestClaims({ code_challenge: undefined })],
  ...['state', 'nonce', 'exp'].map(
    (name) => ['request-object', `no ${name}`, requestClaims({ [name]: undefined })] as const,
  ),
  ...['iss', 'client_id', 'response_type', 'scope', 'code_challenge_method', 'max_age'].map(
    (name) => ['request-object', `another ${name}`, requestClaims({ [name]: 'another' })] as const,
  ),
  ['request-object', 'no request object', requestQuery((query) => query.delete('request'))],
  ['request-object', 'another level', requestClaims({ vtr: ['Cl'] })],
  ['registration', 'an unknown client', onTheirs('/authorize', { status: 400 })],
  ['registration', 'keys that One Login cannot read', onTheirs('/authorize', { status: 500 })],
  [
    'registration',
    'a deactivated client',
    sentBack({ error: 'unauthorized_client', error_description: 'client deactivated' }),
  ],
  [
    'identity-registration',
    'a client that is not registered for the level',
    identitySentBack({ error: 'invalid_request', error_description: 'Request vtr is not permitted' }),
  ],
  [
    'identity-registration',
    'a client that is not registered for a claim',
    identitySentBack({ error: 'invalid_request', error_description: 'Request contains invalid claims' }),
  ],
  [
    'identity-registration',
    'a deployment without identities',
    onOurs('/prove-identity', { status: 404, headers: {} }),
  ],
  [
    'clock',
    'a provider whose clock is a minute slow',
    (a, url) => (isOurs(url) ? undefined : withHeader(a, 'date', ago(60))),
  ],
  ...(
    [
      ['without Secure', cookie.replace(' Secure;', '')],
      ['without HttpOnly', cookie.replace(' HttpOnly;', '')],
      ['without SameSite', cookie.replace(' SameSite=Lax', '')],
      ['with a domain', `${cookie}; Domain=example.gov.uk`],
      ['without Path=/', cookie.replace(' Path=/;', '')],
    ] as const
  ).map(
    ([what, value]) =>
      ['cookies', `a cookie ${what}`, onOurs(login, (a) => withHeader(a, 'set-cookie', value))] as const,
  ),
  ['cookies', 'two cookies', onOurs(login, (a) => withHeader(a, 'set-cookie', cookie, cookie))],
  ['cookies', 'no cookie', onOurs(login, (a) => withHeader(a, 'set-cookie'))],
  ['callback', 'a missing callback', onOurs('/callback', { status: 404 })],
  [
    'callback',
    'a callback that returns JSON',
    onOurs('/callback', (a) => withHeader(a, 'content-type', 'application/json')),
  ],
  ['userinfo', 'a userinfo without a session', onOurs('/userinfo', { status: 200, body: '{"sub":"x"}' })],
  ['userinfo', 'a userinfo that fails', onOurs('/userinfo', { status: 503 })],
  ['logout', 'a sign-out without a question', onOurs('/logout', { status: 303 })],
  [
    'logout',
    'a sign-out page without a form',
    onOurs('/logout', ({ body }) => ({ body: body.replaceAll('<form', '<div') })),
  ],
  ['logout', 'a sign-out page with a cookie', onOurs('/logout', (a) => withHeader(a, 'set-cookie', cookie))],
  ['logout', 'no page after a sign-out', onOurs('/signed-out', { status: 404 })],
  [
    'backchannel-logout',
    'a firewall before the back channel',
    onOurs('/backchannel-logout', { status: 403 }),
  ],
  [
    'backchannel-logout',
    'a back channel that accepts any token',
    onOurs('/backchannel-logout', { status: 200, body: '' }),
  ],
  ['security-headers', 'a cache', onOurs('/userinfo', (a) => withHeader(a, 'age', '12'))],
  [
    'security-headers',
    'a cache with a header',
    onOurs('/userinfo', (a) => withHeader(a, 'x-cache', 'Hit from cloudfront')),
  ],
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
