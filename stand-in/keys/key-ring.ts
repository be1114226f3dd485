import { generateSigningKey, type SigningKey } from './signing-key.ts';

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
  #published: readonly SigningKey[];
  #signing: SigningKey;
  #removed: readonly SigningKey[] = [];

  private constructor(newKey: () => Promise<SigningKey>, first: SigningKey) {
    this.#newKey = newKey;
    this.#published = [first];
    this.#signing = first;
  }

  /** Starts with one key. @param newKid creates the `kid` of each key, which is always unique */
  static async create(algorithm: SigningKey['algorithm'], newKid: () => string): Promise<KeyRing> {
    const newKey = () => generateSigningKey(algorithm, newKid());
    return new KeyRing(newKey, await newKey());
  }

  /** The oldest first. */
  get published(): readonly SigningKey[] {
    return this.#published;
  }

  get signing(): SigningKey {
    return this.#signing;
  }

  /** The key that was removed last is last. */
  get removed(): readonly SigningKey[] {
    return this.#removed;
  }

  createUnpublishedKey(): Promise<SigningKey> {
    return this.#newKey();
  }

  /** @throws RotationOutOfOrder when there is no newer key to use, or no old one to remove */
  async rotate(step: RotationStep): Promise<void> {
    if (step === 'publish_new') this.#published = [...this.#published, await this.#newKey()];
    else if (step === 'use_new') this.#useNew();
    else this.#removeOld();
  }

  #useNew(): void {
    const newest = this.#published.at(-1);
    if (newest === undefined || newest === this.#signing) {
      throw new RotationOutOfOrder('use_new: there is no newer key; publish_new comes first');
    }
    this.#signing = newest;
  }

  #removeOld(): void {
    const position = this.#published.indexOf(this.#signing);
    if (position === 0) {
      throw new RotationOutOfOrder('remove_old: no key is older than the one in use; use_new comes first');
    }
    this.#removed = [...this.#removed, ...this.#published.slice(0, position)];
    this.#published = this.#published.slice(position);
  }
}
