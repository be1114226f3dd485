import { randomBytes } from 'node:crypto';
import { KeyRing, type RotationStep } from './key-ring.ts';
import type { SigningKey } from './signing-key.ts';

/** The keys of a rotation: those of ID and logout tokens (JWKS), or of core identities (DID document). */
export const keyPurposes = ['id_token', 'did'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** Every key with which the stand-in signs. */
export class ProviderKeys {
  /** Signs logout tokens, and ID tokens unless RS256 is registered. */
  readonly es256: KeyRing;
  /** Only for a client with RS256, because generating an RSA key is slow. */
  readonly rs256: KeyRing | undefined;
  /** Signs core identities; key ids are DID URLs. */
  readonly did: KeyRing;

  private constructor(es256: KeyRing, rs256: KeyRing | undefined, did: KeyRing) {
    this.es256 = es256;
    this.rs256 = rs256;
    this.did = did;
  }

  /** @param didId the DID that core identity keys belong to */
  static async create(idTokenAlgorithm: SigningKey['algorithm'], didId: string): Promise<ProviderKeys> {
    const [es256, rs256, did] = await Promise.all([
      KeyRing.create('ES256', randomHex),
      idTokenAlgorithm === 'RS256' ? KeyRing.create('RS256', randomHex) : undefined,
      KeyRing.create('ES256', () => `${didId}#${randomHex()}`),
    ]);
    return new ProviderKeys(es256, rs256, did);
  }

  /** The ring that signs ID tokens. */
  get idToken(): KeyRing {
    return this.rs256 ?? this.es256;
  }

  /** The keys of the JWKS. */
  get publishedInJwks(): readonly SigningKey[] {
    return [...this.es256.published, ...(this.rs256?.published ?? [])];
  }

  /** Takes one step of a rotation, with RS256 in both rings of the JWKS. */
  async rotate(purpose: KeyPurpose, step: RotationStep): Promise<void> {
    if (purpose === 'did') {
      await this.did.rotate(step);
      return;
    }
    await Promise.all([this.es256.rotate(step), this.rs256?.rotate(step)]);
  }
}

/** As long as the real key ids, which are a SHA-256 in hex. */
function randomHex(): string {
  return randomBytes(32).toString('hex');
}
