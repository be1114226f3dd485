import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { KmsError } from './kms-error.ts';

export const rsaKeySpecs = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;

export type KeySpec = keyof typeof rsaKeySpecs | 'SYMMETRIC_DEFAULT';
export type KeyUsage = 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT';
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

export interface KmsKey {
  /** A UUID, as KMS gives it. */
  readonly id: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  state: KeyState;
  /** Of asymmetric keys; it exists nowhere but in this process. */
  readonly pair?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

export interface NewKey {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly description: string;
  readonly state: KeyState;
}

const generateRsaPair = promisify(generateKeyPair);

/** A name for a key, with its prefix `alias/`. */
export interface KmsAlias {
  readonly name: string;
  readonly arn: string;
  readonly keyId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The keys and aliases of one account and region. */
export class KeyStore {
  readonly #keys = new Map<string, KmsKey>();
  readonly #aliases = new Map<string, KmsAlias>();
  /** The start of every ARN, up to and with the account. */
  readonly #arn: string;

  constructor({ partition, region, accountId }: { partition: string; region: string; accountId: string }) {
    this.#arn = `arn:${partition}:kms:${region}:${accountId}`;
  }

  get keys(): readonly KmsKey[] {
    return [...this.#keys.values()];
  }

  get aliases(): readonly KmsAlias[] {
    return [...this.#aliases.values()];
  }

  async create(key: NewKey): Promise<KmsKey> {
    const id = randomUUID();
    const pair =
      key.spec === 'SYMMETRIC_DEFAULT'
        ? undefined
        : await generateRsaPair('rsa', { modulusLength: rsaKeySpecs[key.spec] });
    const created = {
      ...key,
      id,
      arn: `${this.#arn}:key/${id}`,
      createdAt: Date.now(),
      ...(pair ? { pair } : {}),
    };
    this.#keys.set(id, created);
    return created;
  }

  /**
   * @param name with its prefix `alias/`
   * @param createdAt milliseconds since the epoch
   */
  addAlias(name: string, keyId: string, createdAt = Date.now()): void {
    this.#aliases.set(name, { name, arn: `${this.#arn}:${name}`, keyId: this.find(keyId).id, createdAt });
  }

  /** The ARN of a key, by whatever names it; undefined when there is none. */
  arnOf(reference: string): string | undefined {
    try {
      return this.find(reference).arn;
    } catch (error) {
      if (error instanceof KmsError) return undefined;
      throw error;
    }
  }

  /**
   * @param reference a key id, a key ARN, an alias or an alias ARN
   * @throws KmsError NotFoundException
   */
  find(reference: string): KmsKey {
    const name = reference.startsWith(`${this.#arn}:`) ? reference.slice(this.#arn.length + 1) : reference;
    if (name.startsWith('alias/')) {
      const key = this.#keys.get(this.#aliases.get(name)?.keyId ?? '');
      if (!key) throw new KmsError('NotFoundException', `Alias ${this.#arn}:${name} is not found.`);
      return key;
    }
    const id = name.replace(/^key\//, '');
    const key = this.#keys.get(id);
    if (!key) throw new KmsError('NotFoundException', `Key '${this.#arn}:key/${id}' does not exist`);
    return key;
  }
}
