/** Faults of a deployment that the doctor finds. Each changes a response before the doctor gets it. */
import { examinedAssets } from '../../../bin/doctor/checks/pages.ts';
import { findAssetPath } from '../../../lib/pages/static-assets/static-asset.ts';
import {
  ago,
  type Fault,
  identitySentBack,
  isOurs,
  onHead,
  onOurs,
  onTheirs,
  ourKey,
  requestClaims,
  requestQuery,
  sentBack,
  sentBackAt,
  withHeader,
  withJson,
} from './doctor-answers.ts';

export const login = 'login';
const stylesheet = findAssetPath(examinedAssets.stylesheet);
const font = findAssetPath(examinedAssets.font);
const cookie = '__Host-one-login-browser-x=x; Path=/; Secure; HttpOnly; SameSite=Lax';

/** Changes members of a document of One Login. */
const theirDocument = (end: string, change: (document: Record<string, unknown>) => object) =>
  onTheirs(end, (a) => withJson(a, (document) => ({ ...document, ...change(document) })));
/** Replaces a header of the deployment's response at a path. */
const ourHeader = (end: string, name: string, ...values: string[]) =>
  onOurs(end, (a) => withHeader(a, name, ...values));
const discovery = 'openid-configuration';

/** The same fault for each of several names. */
function forEach(names: readonly string[], what: string, build: (name: string) => Fault) {
  return Object.fromEntries(names.map((name) => [`${what} ${name}`, build(name)]));
}

/** By check, the faults that cause it alone to fail. */
const faultsByCheck: Readonly<Record<string, Readonly<Record<string, Fault>>>> = {
  'user-agent': {
    'a firewall that refuses the User-Agent': (_, url) => (isOurs(url) ? undefined : { status: 403 }),
  },
  discovery: {
    'no discovery document': onTheirs(discovery, { status: 500 }),
    'another issuer': theirDocument(discovery, () => ({ issuer: 'https://other.example/' })),
    'an issuer without its slash': theirDocument(discovery, ({ issuer }) => ({
      issuer: String(issuer).slice(0, -1),
    })),
    'no ES256': theirDocument(discovery, () => ({ id_token_signing_alg_values_supported: ['RS256'] })),
  },
  'provider-jwks': {
    "a provider's JWKS without keys": onTheirs('jwks.json', { body: '{"keys":[]}' }),
    "a provider's JWKS with RSA keys only": theirDocument('jwks.json', ({ keys }) => ({
      keys: (keys as { kty: string }[]).filter(({ kty }) => kty === 'RSA'),
    })),
  },
  'did-document': {
    'the DID document of another environment': theirDocument('did.json', () => ({
      id: 'did:web:other.example',
    })),
    'no DID document': onTheirs('did.json', { status: 404 }),
  },
  'jwks-answer': {
    'a slow JWKS': onOurs('jwks.json', { milliseconds: 501 }),
    'a JWKS behind a redirect': onOurs('jwks.json', { status: 301 }),
    'a JWKS that is not JSON': ourHeader('jwks.json', 'content-type', 'text/html'),
    'a JWKS that is too long': onOurs('jwks.json', ({ body }) => ({ body: body + ' '.repeat(50 * 1024) })),
  },
  'jwks-keys': {
    'an EC key': ourKey((jwk) => [jwk, { kty: 'EC', crv: 'P-256', kid: 'ec', use: 'sig', alg: 'ES256' }]),
    'two keys with one kid': ourKey((jwk) => [jwk, jwk]),
    ...forEach(['use', 'alg', 'kid'], 'no', (name) => ourKey((jwk) => [{ ...jwk, [name]: undefined }])),
    'no keys': ourKey(() => []),
    'a key that is not an object': ourKey((jwk) => [jwk, 'a key']),
    // 172 characters are 129 bytes.
    'a short key': ourKey((jwk) => [{ ...jwk, n: String(jwk['n']).slice(0, 172) }]),
    'a private key': ourKey((jwk) => [{ ...jwk, d: 'AQAB' }]),
  },
  login: {
    'a login that fails': onOurs(login, { status: 503 }),
    'a login that redirects to another host': ourHeader(login, 'location', 'https://other.example/authorize'),
    ...forEach(['response_type', 'scope', 'client_id'], 'another', (name) =>
      requestQuery((query) => query.set(name, 'another')),
    ),
    'a request that is too long': requestQuery((query) => query.set('ui', 'x'.repeat(4096))),
  },
  'request-object': {
    'a key that is not in the JWKS': ourKey((jwk) => [{ ...jwk, kid: 'another' }]),
    'a JWKS of another deployment': ourKey((jwk) => [{ ...jwk, n: `zz${String(jwk['n']).slice(2)}` }]),
    'another audience': requestClaims({ aud: 'https://other.example/authorize' }),
    ...forEach(['code_challenge', 'state', 'nonce', 'exp'], 'no', (name) =>
      requestClaims({ [name]: undefined }),
    ),
    ...forEach(
      ['iss', 'client_id', 'response_type', 'scope', 'code_challenge_method', 'max_age'],
      'another',
      (name) => requestClaims({ [name]: 'another' }),
    ),
    'no request object': requestQuery((query) => query.delete('request')),
    'another level': requestClaims({ vtr: ['Cl.Cm'] }),
  },
  registration: {
    'an unknown client': onTheirs('/authorize', { status: 400 }),
    'keys that One Login cannot read': onTheirs('/authorize', { status: 500 }),
    'a deactivated client': sentBack({
      error: 'unauthorized_client',
      error_description: 'client deactivated',
    }),
  },
  'identity-registration': {
    ...forEach(['Request vtr is not permitted', 'Request contains invalid claims'], 'the error', (text) =>
      identitySentBack({ error: 'invalid_request', error_description: text }),
    ),
    'a journey whose level is not registered': sentBackAt(['Cl.Cm.P2']),
    'a journey whose second factor is not permitted': sentBackAt(['Cl.Cm']),
    'a deployment without identities': onOurs('/prove-identity', { status: 404, headers: {} }),
    'a deployment without the journeys': (_, url) =>
      url.search.startsWith('?journey=') ? { status: 404, headers: {} } : undefined,
  },
  clock: {
    'a provider whose clock is a minute slow': (a, url) =>
      isOurs(url) ? undefined : withHeader(a, 'date', ago(60)),
  },
  cookies: {
    ...forEach([' Secure;', ' HttpOnly;', ' SameSite=Lax', ' Path=/;'], 'a cookie without', (flag) =>
      ourHeader(login, 'set-cookie', cookie.replace(flag, '')),
    ),
    'a cookie with a domain': ourHeader(login, 'set-cookie', `${cookie}; Domain=example.gov.uk`),
    'two cookies': ourHeader(login, 'set-cookie', cookie, cookie),
    'no cookie': ourHeader(login, 'set-cookie'),
  },
  assets: {
    'a missing stylesheet': onOurs(stylesheet, { status: 504 }),
    'a stylesheet that is not compressed': ourHeader(stylesheet, 'content-encoding'),
    'a stylesheet of another type': ourHeader(stylesheet, 'content-type', 'text/plain'),
    'a stylesheet that is compressed wrongly': onOurs(stylesheet, { bytes: Buffer.from('body{}') }),
    'a font that was taken for text': onOurs(font, ({ body }) => ({ bytes: Buffer.from(body) })),
  },
  'unknown-path': {
    'a page of another service': onOurs('/no-such-page', ({ headers }) => ({ headers, body: '<h1>?</h1>' })),
    'JSON for a browser': ourHeader('/no-such-page', 'content-type', 'application/json'),
    'another status': onOurs('/no-such-page', { status: 403 }),
    'a page for a program': onOurs('/no-such-page', (answer) =>
      answer.headers['content-type']?.[0]?.startsWith('application/json') ? { body: '<h1>' } : {},
    ),
  },
  head: {
    'a refusal': onHead({ status: 405 }),
    'a cookie': onHead({ headers: { 'set-cookie': [cookie] } }),
  },
  callback: {
    'a missing callback': onOurs('/callback', { status: 404 }),
    'a callback that returns JSON': ourHeader('/callback', 'content-type', 'application/json'),
  },
  userinfo: {
    'a userinfo without a session': onOurs('/userinfo', { status: 200, body: '{"sub":"x"}' }),
    'a userinfo that fails': onOurs('/userinfo', { status: 503 }),
  },
  logout: {
    'a sign-out without a question': onOurs('/logout', { status: 303 }),
    'a sign-out page without a form': onOurs('/logout', ({ body }) => ({
      body: body.replaceAll('<form', '<div'),
    })),
    'a sign-out page with a cookie': ourHeader('/logout', 'set-cookie', cookie),
    'no page after a sign-out': onOurs('/signed-out', { status: 404 }),
  },
  'backchannel-logout': {
    'a firewall before the back channel': onOurs('/backchannel-logout', { status: 403 }),
    'a back channel that accepts any token': onOurs('/backchannel-logout', { status: 200, body: '' }),
  },
  'security-headers': {
    'a cache': ourHeader('/userinfo', 'age', '12'),
    'a cache with a header': ourHeader('/userinfo', 'x-cache', 'Hit from cloudfront'),
    ...forEach(
      [
        'cache-control',
        'referrer-policy',
        'x-content-type-options',
        'strict-transport-security',
        'content-security-policy',
      ],
      'no',
      (name) => ourHeader('/callback', name),
    ),
    ...forEach(
      [
        "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "default-src 'none'; script-src *; frame-ancestors 'none'",
        "default-src 'none'; img-src 'self' https:; frame-ancestors 'none'",
        "default-src 'none'; font-src https://fonts.example; frame-ancestors 'none'",
        "default-src https:; frame-ancestors 'none'",
        "default-src 'none'; frame-ancestors 'self'",
      ],
      'the weak policy',
      (policy) => ourHeader('/callback', 'content-security-policy', policy),
    ),
  },
};

/** Each fault with the check that fails. */
export const faults = Object.entries(faultsByCheck).flatMap(([check, each]) =>
  Object.entries(each).map(([what, fault]): [check: string, what: string, fault: Fault] => [
    check,
    what,
    fault,
  ]),
);
