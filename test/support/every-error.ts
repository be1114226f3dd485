/** A way to every code of the error table, with a mark in the place of everything that another party can choose. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { dynamoDbRequest } from '../../lambdas/adapters/dynamodb/request.ts';
import {
  HttpsProviderClient,
  type HttpsProviderClientOptions,
} from '../../lambdas/adapters/http/https-provider-client.ts';
import { KmsSigner } from '../../lambdas/adapters/kms/signer.ts';
import type { ErrorCode } from '../../lambdas/core/errors.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type {
  ProviderDocumentName,
  ProviderRequest,
  ProviderResponse,
} from '../../lambdas/core/one-login/messages.ts';
import { apiEvent, lambdaContext } from './api-event.ts';
import type { Browser } from './browser.ts';
import {
  buildDocument,
  createProviderSigningKey,
  did,
  identityIssuer,
  jwksBody,
} from './provider-documents.ts';
import { clientId, type RelyingParty, type RelyingPartySettings } from './relying-party.ts';

type Claims = Readonly<Record<string, unknown>>;
type Outcome = Promise<APIGatewayProxyResult>;

/** What a way needs. */
export interface MarkedParty extends RelyingParty {
  /** In the place of whatever is wrong. */
  readonly mark: string;
  /** An address of this machine that never responds, and one whose port is closed. */
  readonly silent: string;
  readonly deserted: string;
}

/** @returns the response that the code became */
export type WayToFail = (party: MarkedParty) => Outcome;

const hour = 3_600_000;

/** What is configured where a code needs it. */
export const settingsToFail: Readonly<Partial<Record<ErrorCode, RelyingPartySettings>>> = {
  identity_not_configured: { identityVtr: [] },
  id_token_auth_time_missing: { maxAge: 60 },
  id_token_auth_time_too_old: { maxAge: 60 },
  max_age_ignored: { maxAge: 60 },
};

/** Every code: the compiler refuses one too few. */
export const waysToFail: Readonly<Record<ErrorCode, WayToFail>> = {
  not_found: ({ routes, mark }) =>
    routes['/auth/login'](apiEvent({ path: `/auth/${encodeURIComponent(mark)}` }), lambdaContext()),
  journey_unknown: ({ browser, mark }) =>
    browser().request(`/auth/login?journey=${encodeURIComponent(mark)}`),
  identity_not_configured: ({ browser, mark }) =>
    browser().request(`/auth/prove-identity?x=${encodeURIComponent(mark)}`),
  content_type_unsupported: (party) => post(party, party.mark, `text/${party.mark}`),
  body_too_long: (party) => post(party, party.mark.repeat(4000)),
  form_too_long: (party) => post(party, `${party.mark}=&`.repeat(101)),
  authorization_response_malformed: (party) =>
    party.callback(party.browser(), { code: party.mark, state: party.mark }),
  browser_cookie_missing: async (party) =>
    party.callback(party.browser(), await party.begin(party.browser())),
  attempt_unknown: async (party) => {
    const browser = party.browser();
    const { code } = await party.begin(browser);
    return party.callback(browser, { code, state: 'a'.repeat(43) });
  },
  attempt_expired: async (party) => {
    const browser = party.browser();
    const response = await party.begin(browser);
    party.clock.advance(3 * hour);
    return party.callback(browser, response);
  },
  attempt_consumed: async (party) => {
    const browser = party.browser();
    const response = await party.begin(browser);
    const before = browser.clone();
    await party.callback(browser, response);
    return party.callback(before, response);
  },
  redirect_circle: async (party) => {
    const browser = party.browser();
    await party.signIn(browser);
    const path = `/auth/login?x=${encodeURIComponent(party.mark)}`;
    for (let round = 0; round < 6; round += 1) await browser.request(path);
    return browser.request(path);
  },
  attempt_of_other_browser: async (party) => {
    const stranger = party.browser();
    await party.begin(stranger);
    return party.callback(stranger, await party.begin(party.browser()));
  },

  authorization_access_denied: authorizationError('access_denied'),
  authorization_interrupted: authorizationError('access_denied', { at: '/auth/prove-identity' }),
  authorization_login_required: authorizationError('login_required'),
  authorization_temporarily_unavailable: authorizationError('temporarily_unavailable'),
  authorization_no_identity_capacity: authorizationError('temporarily_unavailable', {
    at: '/auth/prove-identity',
  }),
  authorization_client_deactivated: authorizationError('unauthorized_client', {
    description: 'client deactivated',
  }),
  authorization_unauthorized_client: authorizationError('unauthorized_client'),
  authorization_server_error: authorizationError('server_error'),
  authorization_vtr_not_permitted: authorizationError('invalid_request', {
    description: 'Request vtr is not permitted',
  }),
  authorization_claims_not_permitted: authorizationError('invalid_request', {
    description: 'Request contains invalid claims',
  }),
  authorization_scope_not_permitted: authorizationError('invalid_scope'),
  authorization_hint_refused: authorizationError('invalid_request', {
    description: 'Unable to validate id_token_hint',
  }),
  authorization_request_refused: authorizationError('invalid_request'),
  authorization_error_unknown: authorizationError(undefined),

  authorization_request_too_long: async (party) => {
    party.provider.changeIdToken = (claims) => ({ ...claims, long: party.mark.repeat(400) });
    const browser = party.browser();
    await party.signIn(browser);
    return browser.request('/auth/reauthenticate');
  },

  token_grant_refused: tokenAnswer(400, (said) => ({ error: 'invalid_grant', error_description: said })),
  token_jwks_unreadable: tokenRefusal('Failed to fetch or parse JWKS to verify signature of private_key_jwt'),
  token_signature_refused: tokenRefusal('Invalid signature in private_key_jwt'),
  token_auth_method_refused: tokenRefusal('Client is not registered to use private_key_jwt'),
  token_assertion_expired: tokenRefusal('private_key_jwt has expired'),
  token_request_refused: tokenAnswer(401, (said) => ({ error: 'invalid_client', error_description: said })),
  token_endpoint_failed: tokenAnswer(500, (said) => said),
  token_response_malformed: tokenAnswer(200, (said) => said),

  id_token_malformed: idToken(({ mark }) => mark),
  id_token_alg_unexpected: idToken(({ provider, mark }) => provider.sign({ iss: mark }, { alg: mark })),
  id_token_key_unknown: keyChanged(200, ({ provider }) => jwksBody(...provider.published)),
  id_token_signature_invalid: (party) => {
    const [known] = party.provider.published;
    party.provider.published = [createProviderSigningKey(known?.kid ?? '')];
    return signInWith(party, (claims) => ({ ...claims, x: party.mark }));
  },
  id_token_iss_unexpected: idTokenClaims((said) => ({ iss: said })),
  id_token_aud_unexpected: idTokenClaims((said) => ({ aud: said })),
  id_token_sub_invalid: idTokenClaims((said) => ({ sub: `${said}\n` })),
  id_token_expired: idTokenClaims((x) => ({ exp: 1, x })),
  id_token_from_the_future: idTokenClaims((x) => ({ iat: 4_000_000_000, exp: 4_000_000_100, x })),
  id_token_nonce_unexpected: idTokenClaims((said) => ({ nonce: said })),
  id_token_vot_insufficient: idTokenClaims((x) => ({ vot: 'Cl', x })),
  id_token_auth_time_missing: idTokenClaims((x) => ({ auth_time: undefined, x })),
  id_token_auth_time_too_old: async (party) => {
    const browser = party.browser();
    const response = await party.begin(browser, '?repeat=max_age');
    party.clock.advance(91_000);
    party.provider.changeIdToken = (claims) => ({
      ...claims,
      auth_time: Number(claims['iat']) - 91,
      x: party.mark,
    });
    return party.callback(browser, response);
  },
  max_age_ignored: async (party) => {
    party.provider.changeIdToken = (claims) => ({ ...claims, auth_time: 1, x: party.mark });
    const browser = party.browser();
    return party.callback(browser, await party.begin(browser, '?repeat=max_age'));
  },
  id_token_at_hash_unexpected: idTokenClaims((said) => ({ at_hash: said })),

  userinfo_endpoint_failed: providerAnswer('userinfo', 500, (said) => said),
  userinfo_token_refused: userinfoChallenge('invalid_token'),
  userinfo_scope_refused: userinfoChallenge('insufficient_scope'),
  userinfo_response_malformed: providerAnswer('userinfo', 200, (said) => said),
  userinfo_sub_unexpected: (party) => {
    party.provider.userinfo = { sub: party.mark };
    return signInWith(party);
  },

  core_identity_malformed: coreIdentityJwt(({ mark }) => mark),
  core_identity_alg_unexpected: coreIdentityJwt(({ provider, mark }) =>
    provider.sign({ iss: mark }, { alg: mark }, provider.identityKey),
  ),
  core_identity_controller_unexpected: coreIdentityJwt((party) =>
    signCoreIdentity(party, { kid: `did:web:${party.mark}#key-1` }),
  ),
  core_identity_key_unknown: coreIdentityJwt((party) =>
    signCoreIdentity(party, { kid: `${did}#${party.mark}` }),
  ),
  core_identity_signature_invalid: coreIdentityJwt((party) =>
    signCoreIdentity(party, {}, createProviderSigningKey(party.provider.identityKey.kid)),
  ),
  core_identity_iss_unexpected: coreIdentity((said) => ({ iss: said })),
  core_identity_aud_unexpected: coreIdentity((said) => ({ aud: said })),
  core_identity_sub_unexpected: coreIdentity((said) => ({ sub: said })),
  core_identity_expired: coreIdentity((x) => ({ exp: 1, x })),
  core_identity_from_the_future: coreIdentity((x) => ({
    iat: 4_000_000_000,
    nbf: 4_000_000_000,
    exp: 4_000_000_100,
    x,
  })),
  core_identity_vot_insufficient: coreIdentity((said) => ({ vot: said })),

  logout_request_malformed: (party) =>
    post(
      party,
      String(
        new URLSearchParams([
          ['logout_token', party.mark],
          ['logout_token', party.mark],
        ]),
      ),
    ),
  logout_token_malformed: (party) => party.notify(party.mark),
  logout_token_typ_unexpected: logoutToken(({ mark }) => ({ header: { typ: mark } })),
  logout_token_alg_unexpected: logoutToken(({ mark }) => ({ header: { alg: mark } })),
  logout_token_key_unknown: logoutToken(({ mark }) => ({ header: { kid: mark } })),
  logout_token_signature_invalid: (party) => {
    const [known] = party.provider.published;
    party.provider.published = [createProviderSigningKey(known?.kid ?? '')];
    return party.notify(party.provider.logoutToken(clientId));
  },
  logout_token_iss_unexpected: logoutToken(({ mark }) => ({ claims: { iss: mark } })),
  logout_token_aud_unexpected: logoutToken(({ mark }) => ({ claims: { aud: mark } })),
  logout_token_sub_invalid: logoutToken(({ mark }) => ({ claims: { sub: `${mark}\n` } })),
  logout_token_expired: logoutToken(({ mark }) => ({ claims: { iat: 1, exp: 2, x: mark } })),
  logout_token_from_the_future: logoutToken(({ mark }) => ({
    claims: { iat: 4_000_000_000, exp: 4_000_000_100, x: mark },
  })),
  logout_token_jti_invalid: logoutToken(({ mark }) => ({ claims: { jti: [mark] } })),
  logout_token_events_unexpected: logoutToken(({ mark }) => ({ claims: { events: { [mark]: {} } } })),
  logout_token_nonce_present: logoutToken(({ mark }) => ({ claims: { nonce: mark } })),
  logout_token_replayed: async (party) => {
    const token = party.provider.logoutToken(clientId, { jti: party.mark });
    await party.notify(token);
    return party.notify(token);
  },

  provider_documents_missing: (party) => {
    party.store.readAll = async () => [];
    return party.browser().request('/auth/login');
  },
  provider_metadata_invalid: (party) => beginWith(party, 'discovery', { issuer: party.mark }),
  provider_jwks_invalid: (party) => callbackWith(party, 'jwks', { keys: party.mark }),
  provider_did_document_invalid: (party) => callbackWith(party, 'did', { id: party.mark }),
  provider_document_unavailable: keyChanged(500, ({ mark }) => mark),
  provider_unreachable: exchangedAt(({ deserted }) => deserted),
  provider_timed_out: exchangedAt(({ silent }) => silent, { totalTimeoutMilliseconds: 50 }),

  reauthenticated_as_another: async (party) => {
    const browser = party.browser();
    await party.signIn(browser);
    const response = await party.begin(browser, '', '/auth/reauthenticate');
    party.provider.sub = party.mark;
    return party.callback(browser, response);
  },
  session_revoked_meanwhile: (party) => {
    party.sessions.readRevokedBefore = async () => Number.MAX_SAFE_INTEGER;
    return signInWith(party);
  },
  revocation_unreadable: (party) => {
    party.sessions.readRevokedBefore = () => fromDynamoDb(party.mark);
    return signInWith(party);
  },
  dynamodb_unavailable: (party) => {
    party.attempts.put = () => fromDynamoDb(party.mark);
    return party.browser().request('/auth/login');
  },
  kms_unavailable: (party) => {
    const client = { send: () => Promise.reject(awsError(party.mark)) };
    const signer = new KmsSigner(client as unknown as ConstructorParameters<typeof KmsSigner>[0], 'key');
    party.signer.sign = (input) => signer.sign(input);
    return party.browser().request('/auth/login');
  },
  deadline_exceeded: (party) => {
    party.attempts.put = () => new Promise(() => undefined);
    // The function gives up half a second before.
    return party.routes['/auth/login'](
      apiEvent({ path: `/auth/login?x=${encodeURIComponent(party.mark)}` }),
      lambdaContext(520),
    );
  },
  configuration_invalid: (party) => {
    party.provider.intercept = async (request) => new HttpsProviderClient(' ').send(request);
    return signInWith(party);
  },
  unexpected: (party) => {
    party.attempts.put = () => Promise.reject(new TypeError(party.mark));
    return party.browser().request('/auth/login');
  },
};

function post({ browser }: MarkedParty, body: string, type = 'application/x-www-form-urlencoded'): Outcome {
  return browser().request('/auth/backchannel-logout', {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  });
}

/** @param error undefined for an unknown one */
function authorizationError(
  error: string | undefined,
  { at = '/auth/login', description }: { readonly at?: string; readonly description?: string } = {},
): WayToFail {
  return async (party) => {
    const browser = party.browser();
    const { state } = await party.begin(browser, '', at);
    const { mark } = party;
    // A name may not have all characters.
    const name = error ?? mark.replaceAll('"', '');
    return party.callback(browser, {
      error: name,
      error_description: description ?? mark,
      error_uri: mark,
      state,
    });
  };
}

async function signInWith(
  party: MarkedParty,
  changeIdToken: (claims: Claims) => Claims = (claims) => claims,
  at = '/auth/login',
): Outcome {
  party.provider.changeIdToken = changeIdToken;
  const browser: Browser = party.browser();
  return party.callback(browser, await party.begin(browser, '', at));
}

function answer(status: number, body: unknown): Promise<ProviderResponse> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: text });
}

function providerAnswer(
  endpoint: ProviderRequest['endpoint'],
  status: number,
  createBody: (mark: string) => unknown,
): WayToFail {
  return (party) => {
    party.provider.intercept = (request) =>
      request.endpoint === endpoint ? answer(status, createBody(party.mark)) : undefined;
    return signInWith(party);
  };
}

function tokenAnswer(status: number, createBody: (mark: string) => unknown): WayToFail {
  return providerAnswer('token', status, createBody);
}

function tokenRefusal(description: string): WayToFail {
  return tokenAnswer(400, (said) => ({ error: said, error_description: description }));
}

function userinfoChallenge(error: string): WayToFail {
  return (party) => {
    const challenge = `Bearer error="${error}", error_description="${party.mark}"`;
    party.provider.intercept = ({ endpoint }) =>
      endpoint === 'userinfo'
        ? Promise.resolve({ status: 401, headers: { 'www-authenticate': challenge }, body: party.mark })
        : undefined;
    return signInWith(party);
  };
}

/** ID tokens come by a key that has not been published, and the keys are requested again. */
function keyChanged(status: number, createBody: (party: MarkedParty) => string): WayToFail {
  return (party) => {
    const body = createBody(party);
    party.provider.intercept = ({ endpoint }) => (endpoint === 'jwks' ? answer(status, body) : undefined);
    party.provider.published = [createProviderSigningKey(party.mark)];
    return signInWith(party);
  };
}

/** An ID token in place of a good one. */
function idToken(make: (party: MarkedParty) => string): WayToFail {
  return (party) => {
    const body = { access_token: party.mark, token_type: 'Bearer', expires_in: 180, id_token: make(party) };
    party.provider.intercept = (request) => (request.endpoint === 'token' ? answer(200, body) : undefined);
    return signInWith(party);
  };
}

function idTokenClaims(change: (mark: string) => Claims): WayToFail {
  return (party) => signInWith(party, (claims) => ({ ...claims, ...change(party.mark) }));
}

function coreIdentity(change: (mark: string) => Claims): WayToFail {
  return (party) => {
    party.provider.coreIdentity = { ...party.provider.coreIdentity, ...change(party.mark) };
    return signInWith(party, undefined, '/auth/prove-identity');
  };
}

/** A core identity in place of a good one. */
function coreIdentityJwt(make: (party: MarkedParty) => string): WayToFail {
  return (party) => {
    party.provider.userinfo = { [identityClaimNames.coreIdentityJwt]: make(party) };
    return signInWith(party, undefined, '/auth/prove-identity');
  };
}

function signCoreIdentity(
  { provider, clock }: MarkedParty,
  header: Claims,
  key = provider.identityKey,
): string {
  const now = Math.floor(clock.now() / 1000);
  const claims = { iss: identityIssuer, aud: clientId, sub: provider.sub, iat: now, exp: now + 1800 };
  return provider.sign({ ...claims, ...provider.coreIdentity }, header, key);
}

function logoutToken(change: (party: MarkedParty) => { claims?: Claims; header?: Claims }): WayToFail {
  return (party) => {
    const { claims, header } = change(party);
    return party.notify(party.provider.logoutToken(clientId, claims, { typ: 'logout+jwt', ...header }));
  };
}

async function store(party: MarkedParty, name: ProviderDocumentName, body: unknown): Promise<void> {
  await party.store.put(buildDocument(name, JSON.stringify(body), party.clock.now() + 1));
}

async function beginWith(party: MarkedParty, name: ProviderDocumentName, body: unknown): Outcome {
  await store(party, name, body);
  return party.browser().request('/auth/login');
}

async function callbackWith(party: MarkedParty, name: ProviderDocumentName, body: unknown): Outcome {
  await store(party, name, body);
  return signInWith(party, undefined, '/auth/prove-identity');
}

/** Has the request for tokens go over real connections to a place where nothing good comes of it. */
function exchangedAt(
  chooseOrigin: (party: MarkedParty) => string,
  options: HttpsProviderClientOptions = {},
): WayToFail {
  return (party) => {
    const client = new HttpsProviderClient('test', options);
    const query = new URLSearchParams({ token: party.mark });
    party.provider.intercept = (request) =>
      client.send({ ...request, url: `${chooseOrigin(party)}/token?${query}` });
    return signInWith(party);
  };
}

/** An error of AWS, which quotes what was sent. */
function awsError(mark: string): Error {
  return Object.assign(new Error(`Value '${mark}' at 'key' failed to satisfy constraint`), {
    name: 'ValidationException',
    $metadata: { requestId: mark },
  });
}

function fromDynamoDb(mark: string): Promise<never> {
  return dynamoDbRequest('a request', () => Promise.reject(awsError(mark)));
}
