/**
 * Vectors of Trust (RFC 8485) as One Login uses them: a credential part (`Cl`, `Cl.Cm`) and, for identity
 * requests, a level of confidence (`P1`, `P2`) on top of `Cl.Cm`.
 *
 * @see https://docs.sign-in.service.gov.uk/before-integrating/choose-the-level-of-authentication/
 */

/** The vectors that One Login accepts, weakest first. */
export const vectorsOfTrust = ['Cl', 'Cl.Cm', 'Cl.Cm.P1', 'Cl.Cm.P2'] as const;
export type VectorOfTrust = (typeof vectorsOfTrust)[number];

/** The vectors without a level of confidence. */
export const credentialTrusts = ['Cl', 'Cl.Cm'] as const;
export type CredentialTrust = (typeof credentialTrusts)[number];

/** The levels of confidence in an identity, weakest first. */
export const levelsOfConfidence = ['P1', 'P2'] as const;
export type LevelOfConfidence = (typeof levelsOfConfidence)[number];

export function isVectorOfTrust(value: unknown): value is VectorOfTrust {
  return vectorsOfTrust.includes(value as VectorOfTrust);
}

/** The credential part, which an ID token's `vot` contains. */
export function readCredentialTrust(vector: VectorOfTrust): CredentialTrust {
  return vector === 'Cl' ? 'Cl' : 'Cl.Cm';
}

/** The level of confidence, or undefined for a vector without one. */
export function readLevelOfConfidence(vector: VectorOfTrust): LevelOfConfidence | undefined {
  if (vector === 'Cl.Cm.P1') return 'P1';
  if (vector === 'Cl.Cm.P2') return 'P2';
  return undefined;
}

/** Whether `reached` matches or exceeds `asked` in the credential part. */
export function sufficesAsCredential(reached: CredentialTrust, asked: VectorOfTrust): boolean {
  return credentialTrusts.indexOf(reached) >= credentialTrusts.indexOf(readCredentialTrust(asked));
}

/** Whether `reached` matches or exceeds the level of confidence of `asked`. False when that has none. */
export function sufficesAsIdentity(reached: LevelOfConfidence, asked: VectorOfTrust): boolean {
  const level = readLevelOfConfidence(asked);
  return level !== undefined && levelsOfConfidence.indexOf(reached) >= levelsOfConfidence.indexOf(level);
}
