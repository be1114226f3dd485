import type { JWTPayload } from 'jose';
import { type ClientRegistration, knownClaims, knownScopes } from '../registration.ts';
import { parseJson } from '../server/message.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { OuterParameters } from './outer-parameters.ts';
import { crash, RedirectedError } from './refusals.ts';
import { readTrust } from './vectors-of-trust.ts';

/** The data for the checks of a request object. */
export interface RequestContext {
  readonly client: ClientRegistration;
  readonly outer: OuterParameters;
  readonly authorizationEndpoint: string;
}

/**
 * Checks the claims of a request object with a good signature and a registered redirect URI, in the order of the real
 * One Login, so that a request with several faults gets the same error (docs/one-login.md, 1).
 *
 * @throws RedirectedError; Refusal where One Login crashes
 */
export function readRequestClaims(
  claims: JWTPayload,
  context: RequestContext,
): Omit<AuthorizationRequest, 'redirectUri' | 'state' | 'reauthenticate'> {
  const { client, outer } = context;
  if (outer.responseType !== 'code') {
    throw new RedirectedError('response_type_unsupported', 'the outer response_type is not code');
  }
  checkScopes(outer.scopes, client, 'the outer scope');
  checkSender(claims, context);
  const scopes = readScopes(claims, context);
  const requestedClaims = readClaims(claims['claims'], client);
  const nonce = readNonce(claims);
  const codeChallenge = readCodeChallenge(claims);
  const trust = readTrust(claims['vtr'], client);
  const uiLocales = readUiLocales(claims['ui_locales']);
  const maxAge = readMaxAge(claims['max_age']);
  checkLoginHint(claims['login_hint']);
  const prompt = readPrompt(claims['prompt']);
  return {
    nonce,
    scopes,
    trust,
    claims: requestedClaims,
    codeChallenge,
    prompt,
    uiLocales,
    maxAge,
  };
}

function checkSender(claims: JWTPayload, { client, authorizationEndpoint }: RequestContext): void {
  if (claims['client_id'] !== client.clientId) throw new RedirectedError('client_id_differs');
  if (claims['request'] !== undefined || claims['request_uri'] !== undefined) {
    throw new RedirectedError('request_object_nested');
  }
  if (![claims.aud].flat().includes(authorizationEndpoint)) {
    const reason = `"aud" is not the authorization endpoint ${authorizationEndpoint}`;
    throw new RedirectedError('request_object_aud_unexpected', reason);
  }
  if (claims.iss !== client.clientId) throw new RedirectedError('request_object_iss_unexpected');
  if (claims['response_type'] !== 'code') throw new RedirectedError('response_type_unsupported');
}

function readScopes(claims: JWTPayload, { client, outer }: RequestContext): readonly string[] {
  const scope = claims['scope'];
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (!scopes.includes('openid')) throw new RedirectedError('scope_without_openid');
  checkScopes(scopes, client, 'scope');
  if ([...scopes].sort().join(' ') !== [...outer.scopes].sort().join(' ')) {
    throw new RedirectedError('scope_differs');
  }
  return scopes;
}

function checkScopes(scopes: readonly string[], client: ClientRegistration, parameter: string): void {
  const known: readonly string[] = knownScopes;
  const wrong = scopes.find((scope) => !known.includes(scope) || !client.scopes.includes(scope));
  if (wrong === undefined) return;
  const reason = `${parameter} names "${wrong}", for which the service is not registered`;
  throw new RedirectedError('scope_not_registered', reason);
}

/**
 * Reads the `claims` parameter (OIDC Core 5.5): a JSON string, or an object, which the real One Login accepts as well.
 *
 * @returns the names of the requested userinfo claims
 */
function readClaims(value: unknown, client: ClientRegistration): readonly string[] {
  if (value === undefined) return [];
  const claims = readObject(typeof value === 'string' ? parseJson(value) : value, 'claims');
  const others = Object.keys(claims).filter((member) => member !== 'userinfo');
  if (others.length > 0) {
    const reason = `claims has ${others.join(', ')}; only userinfo is supported`;
    throw new RedirectedError('claims_refused', reason);
  }
  const names = Object.keys(readObject(claims['userinfo'] ?? {}, 'claims.userinfo'));
  const unknown = names.find((name) => !knownClaims.includes(name));
  if (unknown !== undefined) {
    throw new RedirectedError('claims_refused', `One Login has no claim ${unknown}`);
  }
  const unregistered = names.find((name) => !client.claims.includes(name));
  if (unregistered === undefined) return names;
  throw new RedirectedError('claims_refused', `the service is not registered for the claim ${unregistered}`);
}

function readObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw crash('claims_unreadable', `${name} is not a JSON object`);
}

function readNonce({ nonce }: JWTPayload): string {
  if (typeof nonce !== 'string' || nonce === '') throw new RedirectedError('nonce_missing');
  return nonce;
}

/** @returns the PKCE challenge (RFC 7636, 4.2); S256 is the only method */
function readCodeChallenge(claims: JWTPayload): string {
  const challenge = claims['code_challenge'];
  const method = claims['code_challenge_method'];
  if (challenge === undefined) throw new RedirectedError('code_challenge_missing');
  if (typeof challenge !== 'string' || !/^[\w-]{43}$/.test(challenge)) {
    throw new RedirectedError('code_challenge_invalid');
  }
  if (method === undefined) throw new RedirectedError('code_challenge_method_missing');
  if (method !== 'S256') throw new RedirectedError('code_challenge_method_unsupported');
  return challenge;
}

/** @returns `en`, `cy`, or several of them */
function readUiLocales(locales: unknown): string | undefined {
  if (locales === undefined) return undefined;
  if (typeof locales === 'string' && /^(en|cy)( (en|cy))*$/.test(locales)) return locales;
  throw new RedirectedError('ui_locales_invalid');
}

/** @returns seconds. A string of digits is accepted as well */
function readMaxAge(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const seconds = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) {
    throw new RedirectedError('max_age_invalid');
  }
  if (seconds < 0) throw new RedirectedError('max_age_negative');
  return seconds;
}

function checkLoginHint(hint: unknown): void {
  if (hint === undefined || (typeof hint === 'string' && hint.length <= 256)) return;
  throw new RedirectedError('login_hint_invalid');
}

const knownPrompts = ['none', 'login', 'consent', 'select_account', 'create'];

function readPrompt(prompt: unknown): readonly string[] {
  if (prompt === undefined) return [];
  const values = typeof prompt === 'string' ? prompt.split(' ') : [''];
  if (!values.every((value) => knownPrompts.includes(value))) {
    throw crash('prompt_unknown', `prompt is not made of ${knownPrompts.join(', ')}`);
  }
  if (values.includes('select_account')) throw new RedirectedError('prompt_unsupported');
  return values;
}
