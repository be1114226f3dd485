import { signWithFaults } from '../keys/sign-with-faults.ts';
import { isSignatureFault } from '../keys/signature-faults.ts';
import { spoilClaims } from '../keys/spoil-claims.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import type { Grant, IdentityResult } from '../token/grants.ts';
import { type CoreIdentityFault, foreignDid, spoiltCoreIdentityClaims } from './core-identity-faults.ts';

/** How long a core identity is valid. */
const lifetimeSeconds = 1_800;

/** Makes the core identity JWT of a proved identity (docs/one-login.md, 4), with the faults asked for. */
export function buildCoreIdentity(
  provider: Provider,
  grant: Grant,
  proved: NonNullable<IdentityResult['proved']>,
  faults: readonly CoreIdentityFault[],
): Promise<string> {
  const now = nowInSeconds(provider);
  const claims = {
    iss: provider.issuer,
    aud: provider.client.clientId,
    sub: grant.person.sub,
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    vot: proved.level,
    vtm: `${provider.url}/trustmark`,
    vc: {
      type: ['VerifiableCredential', 'IdentityCheckCredential'],
      credentialSubject: { name: proved.identity.name, birthDate: proved.identity.birthDate },
    },
  };
  const [, keyId] = provider.keys.did.signing.kid.split('#');
  return signWithFaults(
    provider.keys.did,
    spoilClaims(claims, faults, spoiltCoreIdentityClaims, now),
    faults.filter(isSignatureFault),
    faults.includes(foreignDid) ? { kid: `did:web:identity.example.com#${keyId}` } : {},
  );
}
