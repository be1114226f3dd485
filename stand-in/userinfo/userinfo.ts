import type { Provider } from '../provider.ts';
import { identityClaims } from '../registration.ts';
import { type Answer, jsonAnswer, type Received } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import type { UserinfoFault } from '../token/faults.ts';
import type { Grant, IdentityResult } from '../token/grants.ts';
import { buildCoreIdentity } from './core-identity.ts';

/** How long One Login keeps the claims of an identity. */
const identityMilliseconds = 180_000;

const invalidToken = 'Invalid access token';

/**
 * The userinfo endpoint (docs/one-login.md, 3). It can be called several times until the access token expires.
 *
 * @throws Refusal 401 with an empty body and `WWW-Authenticate`
 */
export async function answerUserinfoRequest(received: Received, provider: Provider): Promise<Answer> {
  const grant = authorize(received.headers.authorization, provider);
  const faults = [...grant.faults.userinfo, ...(provider.behaviour.take('userinfo') ?? [])];
  if (faults.includes('UNAUTHORIZED')) {
    throw unauthorized('userinfo_fault', 'the fault UNAUTHORIZED is set', invalidToken);
  }
  if (faults.includes('MALFORMED_JSON')) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"sub":"urn:fdc:gov.uk' };
  }
  const claims = { ...buildAuthenticationClaims(grant), ...(await buildIdentity(grant, provider, faults)) };
  return jsonAnswer(200, { ...claims, ...changeSubject(faults) });
}

function authorize(header: string | undefined, provider: Provider): Grant {
  if (header === undefined) throw unauthorized('access_token_missing', 'there is no Authorization header');
  if (!header.startsWith('Bearer ')) {
    throw unauthorized('access_token_missing', 'the Authorization header does not begin with "Bearer "');
  }
  const token = header.slice('Bearer '.length);
  const grant = provider.accessTokens.find(token);
  if (grant !== undefined) return grant;
  throw provider.accessTokens.has(token)
    ? unauthorized('access_token_expired', 'the access token is older than 180 seconds', invalidToken)
    : unauthorized('access_token_unknown', 'no such access token was issued', invalidToken);
}

/** A response to a request without a token has no error code (RFC 6750, 3). */
function unauthorized(code: string, reason: string, description?: string): Refusal {
  const challenge =
    description === undefined ? 'Bearer' : `Bearer error="invalid_token", error_description="${description}"`;
  return new Refusal(code, reason, { status: 401, headers: { 'www-authenticate': challenge }, body: '' });
}

/** Undefined claims are left out of the JSON. */
function buildAuthenticationClaims({ person, request }: Grant): Readonly<Record<string, unknown>> {
  return {
    sub: person.sub,
    ...(request.scopes.includes('email')
      ? { email: person.email, email_verified: person.emailVerified }
      : {}),
    ...(request.scopes.includes('phone')
      ? { phone_number: person.phoneNumber, phone_number_verified: person.phoneNumberVerified ?? false }
      : {}),
    ...(request.scopes.includes('wallet-subject-id')
      ? { wallet_subject_id: `urn:fdc:wallet.account.gov.uk:2024:${person.sub.split(':').at(-1)}` }
      : {}),
  };
}

async function buildIdentity(
  grant: Grant,
  provider: Provider,
  faults: readonly UserinfoFault[],
): Promise<Readonly<Record<string, unknown>>> {
  const result = grant.identity;
  if (result === undefined || faults.includes('IDENTITY_EXPIRED')) return {};
  if (result.storedAt + identityMilliseconds <= provider.clock.now()) return {};
  const all = {
    ...(await buildProvedClaims(grant, provider, result)),
    ...(result.returnCodes.length === 0
      ? {}
      : { [identityClaims.returnCode]: result.returnCodes.map((code) => ({ code })) }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => grant.request.claims.includes(name)));
}

async function buildProvedClaims(
  grant: Grant,
  provider: Provider,
  { proved }: IdentityResult,
): Promise<Readonly<Record<string, unknown>>> {
  if (proved === undefined) return {};
  const coreIdentityFaults = [
    ...grant.faults.coreIdentity,
    ...(provider.behaviour.take('coreIdentity') ?? []),
  ];
  return {
    [identityClaims.coreIdentityJwt]: await buildCoreIdentity(provider, grant, proved, coreIdentityFaults),
    [identityClaims.address]: proved.identity.address,
    [identityClaims.passport]: proved.identity.passport,
    [identityClaims.drivingPermit]: proved.identity.drivingPermit,
  };
}

function changeSubject(faults: readonly UserinfoFault[]): Readonly<Record<string, unknown>> {
  if (faults.includes('OTHER_SUB')) return { sub: 'urn:fdc:gov.uk:2022:somebody-else' };
  return faults.includes('MISSING_SUB') ? { sub: undefined } : {};
}
