import { randomBytes } from 'node:crypto';
import type { SigningKey } from './key-ring.ts';
import { KeyRing, type RotationStep } from './key-ring.ts';

/** The keys of a rotation: those of ID and logout tokens (JWKS), or of core identities (DID document). */
export const keyPurposes = ['id_token', 'did'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** Every key with which the stand-in signs. */
export type ProviderKeys = Awaited<ReturnType<typeof createProviderKeys>>;

/** @param didId the DID that core identity keys belong to */
export async function createProviderKeys(idTokenAlgorithm: SigningKey['algorithm'], didId: string) {
  const [es256, rs256, did] = await Promise.all([
    KeyRing.create('ES256', randomHex),
    idTokenAlgorithm === 'RS256' ? KeyRing.create('RS256', randomHex) : undefined,
    KeyRing.create('ES256', () => `${didId}#${randomHex()}`),
  ]);
  return {
    /** Signs logout tokens, and ID tokens unless RS256 is registered. */
    es256,
    /** Only for a client with RS256, because generating an RSA key is slow. */
    rs256,
    /** Signs ID tokens. */
    idToken: rs256 ?? es256,
    /** Signs core identities; key ids are DID URLs. */
    did,
    /** The rings whose keys are in the JWKS. */
    jwks: rs256 === undefined ? [es256] : [es256, rs256],
    /** Takes one step of a rotation, with RS256 in both rings of the JWKS. */
    async rotate(purpose: KeyPurpose, step: RotationStep): Promise<void> {
      await Promise.all((purpose === 'did' ? [did] : this.jwks).map((ring) => ring.rotate(step)));
    },
  };
}

/** As long as the real key ids, which are a SHA-256 in hex. */
function randomHex(): string {
  return randomBytes(32).toString('hex');
}
