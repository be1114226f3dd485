import type { JWTPayload } from 'jose';
import { type ClientRegistration, knownScopes } from '../registration.ts';
import { authorizationErrors } from '../sign-in/authorization-errors.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { OuterParameters } from './outer-parameters.ts';
import { badRequest, crash, invalidRequest, type RefuseByRedirect, refuseByRedirectTo } from './refusals.ts';
import { readClaims, readCodeChallenge, readMaxAge, readUiLocales } from './request-parameters.ts';
import { readTrust } from './vectors-of-trust.ts';

/** The data for the checks of a request object. */
export interface RequestContext {
  readonly client: ClientRegistration;
  readonly outer: OuterParameters;
  readonly authorizationEndpoint: string;
}

/**
 * Checks the claims of a request object with a good signature, in the order of the real One Login, so that a request with
 * several faults gets the same error (docs/one-login.md, 1).
 *
 * @throws Refusal a page for an unregistered redirect URI, otherwise a redirect with the error
 */
export function readRequestClaims(
  claims: JWTPayload,
  context: RequestContext,
): Omit<AuthorizationRequest, 'reauthenticate'> {
  const redirectUri = readRedirectUri(claims, context.client);
  const state = readState(claims, redirectUri);
  const refuse = refuseByRedirectTo(redirectUri, state);
  checkOuterParameters(context, refuse);
  checkSender(claims, context, refuse);
  const scopes = readScopes(claims, context, refuse);
  const requestedClaims = readClaims(claims, context.client, refuse);
  const nonce = readNonce(claims, refuse);
  const codeChallenge = readCodeChallenge(claims, refuse);
  const trust = readTrust(claims, context.client, refuse);
  const uiLocales = readUiLocales(claims, refuse);
  const maxAge = readMaxAge(claims, refuse);
  checkLoginHint(claims, refuse);
  const prompt = readPrompt(claims, refuse);
  return {
    redirectUri,
    state,
    nonce,
    scopes,
    trust,
    claims: requestedClaims,
    codeChallenge,
    prompt,
    ...(uiLocales === undefined ? {} : { uiLocales }),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

function readRedirectUri(claims: JWTPayload, client: ClientRegistration): string {
  const redirectUri = claims['redirect_uri'];
  if (typeof redirectUri !== 'string') {
    throw badRequest('redirect_uri_missing', 'the request object has no redirect_uri');
  }
  if (!client.redirectUris.includes(redirectUri)) {
    throw badRequest('redirect_uri_unregistered', `the redirect_uri ${redirectUri} is not registered`);
  }
  return redirectUri;
}

function readState(claims: JWTPayload, redirectUri: string): string {
  const state = claims['state'];
  if (typeof state === 'string' && state.trim() !== '') return state;
  throw refuseByRedirectTo(redirectUri, undefined)(
    'state_missing',
    'the request object has no state',
    invalidRequest('Request is missing state parameter'),
  );
}

function checkOuterParameters({ client, outer }: RequestContext, refuse: RefuseByRedirect): void {
  if (outer.responseType !== 'code') {
    throw refuse(
      'response_type_unsupported',
      'the outer response_type is not code',
      authorizationErrors.UNSUPPORTED_RESPONSE_TYPE,
    );
  }
  checkScopes(outer.scopes, client, refuse, 'the outer scope');
}

function checkSender(claims: JWTPayload, context: RequestContext, refuse: RefuseByRedirect): void {
  const unauthorized = { error: 'unauthorized_client', error_description: 'Unauthorized client' };
  if (claims['client_id'] !== context.outer.clientId) {
    throw refuse(
      'client_id_differs',
      'client_id in the request object differs from the outer one',
      unauthorized,
    );
  }
  if (claims['request'] !== undefined || claims['request_uri'] !== undefined) {
    throw refuse(
      'request_object_nested',
      'the request object contains request or request_uri',
      authorizationErrors.INVALID_REQUEST,
    );
  }
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (!audiences.includes(context.authorizationEndpoint)) {
    throw refuse(
      'request_object_aud_unexpected',
      `"aud" is not the authorization endpoint ${context.authorizationEndpoint}`,
      authorizationErrors.ACCESS_DENIED,
    );
  }
  if (claims.iss !== context.client.clientId) {
    throw refuse('request_object_iss_unexpected', '"iss" is not the client id', unauthorized);
  }
  if (claims['response_type'] !== 'code') {
    throw refuse(
      'response_type_unsupported',
      'response_type in the request object is not code',
      authorizationErrors.UNSUPPORTED_RESPONSE_TYPE,
    );
  }
}

function readScopes(
  claims: JWTPayload,
  { client, outer }: RequestContext,
  refuse: RefuseByRedirect,
): readonly string[] {
  const scope = claims['scope'];
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (!scopes.includes('openid')) {
    throw refuse('scope_without_openid', 'scope lacks openid', authorizationErrors.INVALID_SCOPE);
  }
  checkScopes(scopes, client, refuse, 'scope');
  if ([...scopes].sort().join(' ') !== [...outer.scopes].sort().join(' ')) {
    throw refuse(
      'scope_differs',
      'scope in the request object differs from the outer one',
      authorizationErrors.INVALID_SCOPE,
    );
  }
  return scopes;
}

function checkScopes(
  scopes: readonly string[],
  client: ClientRegistration,
  refuse: RefuseByRedirect,
  what: string,
): void {
  const wrong = scopes.find(
    (scope) => !(knownScopes as readonly string[]).includes(scope) || !client.scopes.includes(scope),
  );
  if (wrong === undefined) return;
  throw refuse(
    'scope_not_registered',
    `${what} names "${wrong}", for which the service is not registered`,
    authorizationErrors.INVALID_SCOPE,
  );
}

function readNonce(claims: JWTPayload, refuse: RefuseByRedirect): string {
  const nonce = claims['nonce'];
  if (typeof nonce === 'string' && nonce !== '') return nonce;
  throw refuse(
    'nonce_missing',
    'the request object has no nonce',
    invalidRequest('Request is missing nonce parameter'),
  );
}

function checkLoginHint(claims: JWTPayload, refuse: RefuseByRedirect): void {
  const hint = claims['login_hint'];
  if (hint === undefined || (typeof hint === 'string' && hint.length <= 256)) return;
  throw refuse(
    'login_hint_invalid',
    'login_hint is not a string of at most 256 characters',
    invalidRequest('login_hint parameter is invalid'),
  );
}

const knownPrompts = ['none', 'login', 'consent', 'select_account', 'create'];

function readPrompt(claims: JWTPayload, refuse: RefuseByRedirect): readonly string[] {
  const prompt = claims['prompt'];
  if (prompt === undefined) return [];
  const values = typeof prompt === 'string' ? prompt.split(' ') : [''];
  if (!values.every((value) => knownPrompts.includes(value))) {
    throw crash('prompt_unknown', `prompt is not made of ${knownPrompts.join(', ')}`);
  }
  if (values.includes('select_account')) {
    throw refuse(
      'prompt_unsupported',
      'One Login has no prompt=select_account',
      authorizationErrors.UNMET_AUTHENTICATION_REQUIREMENTS,
    );
  }
  return values;
}
