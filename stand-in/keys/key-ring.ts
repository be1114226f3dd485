import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A key with which the stand-in signs. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'ES256' | 'RS256';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The key material only: no `kid`, `use` or `alg`. */
  readonly publicJwk: JWK;
}

/**
 * Signs claims into a compact JWS. Claims that are undefined are left out.
 *
 * @param header in addition to `alg` and `kid`, or in place of them; undefined removes a parameter
 */
export async function signJwt(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** The steps of a rotation, in their order. */
export const rotationSteps = ['publish_new', 'use_new', 'remove_old'] as const;
export type RotationStep = (typeof rotationSteps)[number];

/** Thrown for a step that is not possible now. */
export class RotationOutOfOrder extends Error {
  override readonly name = 'RotationOutOfOrder';
}

/** The keys of one algorithm: the published keys, one of which signs, and the removed keys. */
export class KeyRing {
  readonly #newKey: () => Promise<SigningKey>;
  /** The oldest first. */
  published: readonly SigningKey[];
  signing: SigningKey;
  /** The key that was removed last is last. */
  removed: readonly SigningKey[] = [];

  private constructor(newKey: () => Promise<SigningKey>, first: SigningKey) {
    this.#newKey = newKey;
    this.published = [first];
    this.signing = first;
  }

  /** Starts with one key. @param newKid creates the `kid` of each key, which is always unique */
  static async create(algorithm: SigningKey['algorithm'], newKid: () => string): Promise<KeyRing> {
    const newKey = async () => {
      const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
      const publicJwk = await exportJWK(publicKey);
      return { kid: newKid(), algorithm, privateKey, publicKey, publicJwk };
    };
    return new KeyRing(newKey, await newKey());
  }

  createUnpublishedKey(): Promise<SigningKey> {
    return this.#newKey();
  }

  /** @throws RotationOutOfOrder when there is no newer key to use, or no old one to remove */
  async rotate(step: RotationStep): Promise<void> {
    if (step === 'publish_new') this.published = [...this.published, await this.#newKey()];
    else if (step === 'use_new') this.#useNew();
    else this.#removeOld();
  }

  #useNew(): void {
    const newest = this.published.at(-1);
    if (newest === undefined || newest === this.signing) {
      throw new RotationOutOfOrder('use_new: there is no newer key; publish_new comes first');
    }
    this.signing = newest;
  }

  #removeOld(): void {
    const position = this.published.indexOf(this.signing);
    if (position === 0) {
      throw new RotationOutOfOrder('remove_old: no key is older than the one in use; use_new comes first');
    }
    this.removed = [...this.removed, ...this.published.slice(0, position)];
    this.published = this.published.slice(position);
  }
}
