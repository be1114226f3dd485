import { createHash, timingSafeEqual } from 'node:crypto';
import type { Provider } from '../provider.ts';
import { type Answer, jsonAnswer, parseParameters, type Received } from '../server/message.ts';
import { authenticateClient, tokenError } from './client-assertion.ts';
import { accessTokenSeconds, type Grant } from './grants.ts';
import { buildIdToken } from './id-token.ts';

/**
 * The token endpoint (docs/one-login.md, 2). A code can no longer be used once an authenticated client has sent it, even if
 * the request has another fault.
 *
 * @throws Refusal
 */
export async function answerTokenRequest(received: Received, provider: Provider): Promise<Answer> {
  const parameters = readForm(received);
  const code = checkParameters(parameters);
  await authenticateClient(parameters, provider);
  const grant = redeemCode(code, provider);
  checkRedirectUri(parameters.get('redirect_uri'), grant);
  checkCodeVerifier(parameters.get('code_verifier'), grant);
  return issueTokens(grant, provider);
}

function readForm(received: Received): ReadonlyMap<string, string> {
  const contentType = (received.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/x-www-form-urlencoded') return parseParameters(received.body);
  throw invalidRequest(
    'token_request_not_a_form',
    `the content type is ${contentType}, not application/x-www-form-urlencoded`,
    'Request is missing grant_type parameter',
  );
}

function checkParameters(parameters: ReadonlyMap<string, string>): string {
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) throw missing('grant_type');
  if (grantType !== 'authorization_code') {
    throw tokenError('grant_type_unsupported', `grant_type is ${grantType}, not authorization_code`, {
      error: 'unsupported_grant_type',
      error_description: 'Unsupported grant type',
    });
  }
  if (!parameters.has('redirect_uri')) throw missing('redirect_uri');
  const code = parameters.get('code');
  if (code === undefined || code === '') throw missing('code');
  return code;
}

function redeemCode(code: string, provider: Provider): Grant {
  const lookup = provider.grants.takeCode(code);
  if (lookup.kind === 'found') return lookup.grant;
  const reasons = {
    unknown: 'no such code was issued',
    used: 'the code was used before: it works once, and any request with it burns it',
    expired: 'the code is older than 300 seconds',
  };
  throw invalidGrant(`code_${lookup.kind}`, reasons[lookup.kind]);
}

function checkRedirectUri(redirectUri: string | undefined, grant: Grant): void {
  if (redirectUri === grant.request.redirectUri) return;
  throw invalidGrant('redirect_uri_differs', 'redirect_uri is not the one of the authorization request');
}

function checkCodeVerifier(verifier: string | undefined, grant: Grant): void {
  const failed = 'PKCE code verification failed';
  if (verifier === undefined) throw invalidGrant('code_verifier_missing', 'code_verifier is missing', failed);
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) {
    throw invalidGrant(
      'code_verifier_malformed',
      'code_verifier is not of 43 to 128 unreserved characters (RFC 7636, 4.1)',
      failed,
    );
  }
  const challenge = createHash('sha256').update(verifier).digest();
  if (timingSafeEqual(challenge, Buffer.from(grant.request.codeChallenge, 'base64url'))) return;
  throw invalidGrant('code_verifier_wrong', 'code_verifier does not belong to the code_challenge', failed);
}

async function issueTokens(grant: Grant, provider: Provider): Promise<Answer> {
  const accessToken = provider.grants.issueAccessToken(grant);
  const faults = [...grant.faults.idToken, ...(provider.behaviour.take('idToken') ?? [])];
  const idToken = await buildIdToken(
    provider,
    {
      sub: grant.person.sub,
      nonce: grant.request.nonce,
      sid: grant.sid,
      vot: grant.vot,
      authTime: grant.authTime,
      accessToken,
    },
    faults,
  );
  return jsonAnswer(
    200,
    { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenSeconds, id_token: idToken },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}

function missing(name: string): Error {
  return invalidRequest(`${name}_missing`, `${name} is missing`, `Request is missing ${name} parameter`);
}

function invalidRequest(code: string, reason: string, error_description: string): Error {
  return tokenError(code, reason, { error: 'invalid_request', error_description });
}

function invalidGrant(code: string, reason: string, error_description = 'Invalid grant'): Error {
  return tokenError(code, reason, { error: 'invalid_grant', error_description });
}
