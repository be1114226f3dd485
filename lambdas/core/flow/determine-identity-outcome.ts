import { type ExpectedCoreIdentity, validateCoreIdentity } from '../one-login/core-identity.ts';
import { selectReleasedClaims } from '../one-login/identity-claims.ts';
import type { KeySource } from '../one-login/jwt.ts';
import { readLevelOfConfidence } from '../one-login/vector-of-trust.ts';
import type { Clock } from '../ports.ts';
import type { SessionIdentity } from '../session/session.ts';
import type { ExchangedCode } from './exchange-code.ts';
import type { LoginAttempt } from './login-attempt.ts';

export interface IdentityOutcomeDependencies {
  readonly identityKeys: KeySource<'did'>;
  readonly clock: Clock;
  readonly settings: {
    readonly clientId: string;
    readonly coreIdentity: Pick<ExpectedCoreIdentity, 'issuer' | 'did'>;
  };
}

/**
 * Determines the outcome of an identity request, which is always explicit. When the core identity is absent, the identity
 * is not proved, and the address, passport and permit are dropped.
 *
 * @returns undefined when no identity was requested
 * @throws RelyingPartyError `core_identity_…` when the core identity is invalid
 */
export async function determineIdentityOutcome(
  { identityKeys, clock, settings }: IdentityOutcomeDependencies,
  {
    vtr,
    requestedClaims,
    createdAt: requestedAt,
  }: Pick<LoginAttempt, 'vtr' | 'requestedClaims' | 'createdAt'>,
  { idToken, userInfo }: ExchangedCode,
): Promise<SessionIdentity | undefined> {
  if (!vtr.some((vector) => readLevelOfConfidence(vector) !== undefined)) return undefined;
  const { coreIdentityJwt, identityClaims } = userInfo;
  if (coreIdentityJwt === undefined) {
    const claims = selectReleasedClaims(identityClaims, undefined);
    return { outcome: 'not_proved', reason: 'absent', requestedAt, claims };
  }
  const { clientId, coreIdentity } = settings;
  const identity = await validateCoreIdentity(coreIdentityJwt, {
    ...coreIdentity,
    clientId,
    idToken,
    vtr,
    keys: identityKeys,
    now: clock.now(),
  });
  const { vot, names, birthDates } = identity;
  return {
    outcome: 'proved',
    vot,
    names,
    birthDates,
    claims: selectReleasedClaims(identityClaims, identity),
    ...(requestedClaims === undefined ? {} : { requestedClaims }),
  };
}
