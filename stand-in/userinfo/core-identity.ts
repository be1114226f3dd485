import { changeClaims, signWithFaults } from '../keys/token-faults.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import {
  type CoreIdentityFault,
  coreIdentityClaimFaults,
  coreIdentitySeconds,
  foreignDid,
} from '../token/faults.ts';
import type { Grant, IdentityResult } from '../token/grants.ts';

/** Creates the core identity JWT of a proved identity (docs/one-login.md, 4) with faults. */
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
    exp: now + coreIdentitySeconds,
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
    changeClaims(claims, faults, coreIdentityClaimFaults, now),
    faults,
    faults.includes(foreignDid) ? { kid: `did:web:identity.example.com#${keyId}` } : {},
  );
}
