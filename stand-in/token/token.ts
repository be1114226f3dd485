import { createHash, timingSafeEqual } from 'node:crypto';
import type { Provider } from '../provider.ts';
import { type Answer, jsonAnswer, parseParameters, type Received } from '../server/message.ts';
import { authenticateClient } from './client-assertion.ts';
import { accessTokenSeconds, type Grant } from './grants.ts';
import { buildIdToken } from './id-token.ts';
import { refuseToken } from './refusals.ts';

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
  if (parameters.get('redirect_uri') !== grant.request.redirectUri) throw refuseToken('redirect_uri_differs');
  checkCodeVerifier(parameters.get('code_verifier'), grant);
  return issueTokens(grant, provider);
}

function readForm({ headers, body }: Received): ReadonlyMap<string, string> {
  const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/x-www-form-urlencoded') return parseParameters(body);
  const reason = `the content type is ${contentType}, not application/x-www-form-urlencoded`;
  throw refuseToken('token_request_not_a_form', reason);
}

function checkParameters(parameters: ReadonlyMap<string, string>): string {
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) throw refuseToken('grant_type_missing');
  if (grantType !== 'authorization_code') throw refuseToken('grant_type_unsupported');
  if (!parameters.has('redirect_uri')) throw refuseToken('redirect_uri_missing');
  const code = parameters.get('code');
  if (code === undefined || code === '') throw refuseToken('code_missing');
  return code;
}

function redeemCode(code: string, { codes }: Provider): Grant {
  const grant = codes.find(code);
  if (grant === undefined) throw refuseToken(codes.has(code) ? 'code_expired' : 'code_unknown');
  if (grant === 'used') throw refuseToken('code_used');
  codes.set(code, 'used');
  return grant;
}

function checkCodeVerifier(verifier: string | undefined, grant: Grant): void {
  if (verifier === undefined) throw refuseToken('code_verifier_missing');
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) throw refuseToken('code_verifier_malformed');
  const challenge = createHash('sha256').update(verifier).digest();
  if (timingSafeEqual(challenge, Buffer.from(grant.request.codeChallenge, 'base64url'))) return;
  throw refuseToken('code_verifier_wrong');
}

async function issueTokens(grant: Grant, provider: Provider): Promise<Answer> {
  const accessToken = provider.accessTokens.add(grant);
  const faults = [...grant.faults.idToken, ...(provider.behaviour.take('idToken') ?? [])];
  const { sid, authTime: auth_time, person, request } = grant;
  const contents = { sub: person.sub, nonce: request.nonce, sid, vot: request.trust.credential, auth_time };
  const idToken = await buildIdToken(provider, contents, accessToken, faults);
  return jsonAnswer(
    200,
    { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenSeconds, id_token: idToken },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}
