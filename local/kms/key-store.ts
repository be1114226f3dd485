import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

/** A key that signs, or one that encrypts. */
export type KeySpec = 'RSA_2048' | 'SYMMETRIC_DEFAULT';

export interface KmsKey {
  /** A UUID, as in KMS. */
  readonly id: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** Only a key that signs has one. It exists only in this process. */
  readonly pair?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

/** A name for a key, with its prefix `alias/`. */
export interface KmsAlias {
  readonly name: string;
  readonly arn: string;
  readonly keyId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An error of KMS in its wire format, with KMS's name and message. */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const generateRsaPair = promisify(generateKeyPair);

/** The keys and aliases of one account and region. */
export class KeyStore {
  readonly #keys = new Map<string, KmsKey>();
  readonly #aliases = new Map<string, KmsAlias>();
  /** The start of every ARN, up to and including the account. */
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

  async create(spec: KeySpec, description = ''): Promise<KmsKey> {
    const id = randomUUID();
    const created: KmsKey = {
      id,
      arn: `${this.#arn}:key/${id}`,
      spec,
      description,
      createdAt: Date.now(),
      state: 'Enabled',
      ...(spec === 'RSA_2048' ? { pair: await generateRsaPair('rsa', { modulusLength: 2048 }) } : {}),
    };
    this.add(created);
    return created;
  }

  /** Adds a key that another store has created. */
  add(key: KmsKey): void {
    this.#keys.set(key.id, key);
  }

  /**
   * @param name with its prefix `alias/`
   * @param createdAt milliseconds since the epoch
   */
  addAlias(name: string, keyId: string, createdAt = Date.now()): void {
    this.#aliases.set(name, { name, arn: `${this.#arn}:${name}`, keyId: this.find(keyId).id, createdAt });
  }

  /** @param reference a key id, a key ARN, an alias or an alias ARN */
  lookUp(reference: string): KmsKey | undefined {
    const name = this.#readName(reference);
    const id = name.startsWith('alias/') ? this.#aliases.get(name)?.keyId : name.replace(/^key\//, '');
    return this.#keys.get(id ?? '');
  }

  /** The same. @throws KmsError NotFoundException */
  find(reference: string): KmsKey {
    const key = this.lookUp(reference);
    if (key) return key;
    throw new KmsError('NotFoundException', `${this.#arn}: there is no key ${this.#readName(reference)}`);
  }

  #readName(reference: string): string {
    return reference.startsWith(`${this.#arn}:`) ? reference.slice(this.#arn.length + 1) : reference;
  }
}
