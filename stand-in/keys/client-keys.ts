import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Clock } from '../../lambdas/core/ports.ts';
import { ExpiringMap } from '../expiring-map.ts';
import { parseJson } from '../server/message.ts';
import { fetchClientJwks } from './fetch-client-jwks.ts';

/** How long a key is kept. A key that was removed stays trusted until then. */
const cacheSeconds = 24 * 60 * 60;

/** The algorithms that One Login accepts from a service. */
export const clientAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;
type ClientAlgorithm = (typeof clientAlgorithms)[number];

/** The public key of a service, for the algorithm in the JWKS. */
interface ClientKey {
  readonly algorithm: ClientAlgorithm;
  readonly publicKey: CryptoKey;
}

/** Thrown for a JWT of the service with a fault, and when the key for it is not available. */
export class ClientJwtError extends Error {
  override readonly name = 'ClientJwtError';
  readonly kind: 'malformed' | 'unsigned' | 'signature_invalid' | 'key_unavailable';

  constructor(kind: ClientJwtError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The service's keys, each fetched once and then kept for 24 hours. */
export class ClientKeys {
  readonly #jwksUrl: string;
  readonly #certificate: string | undefined;
  readonly #cache: ExpiringMap<ClientKey>;

  /** @param certificate the only one to trust, in PEM @default those that Node trusts */
  constructor(jwksUrl: string, clock: Clock, certificate?: string) {
    this.#jwksUrl = jwksUrl;
    this.#certificate = certificate;
    this.#cache = new ExpiringMap(clock, cacheSeconds);
  }

  /** @throws ClientJwtError `key_unavailable` with the fault of the JWKS, or when `kid` is missing */
  async find(kid: unknown): Promise<ClientKey> {
    if (typeof kid !== 'string' || kid === '') {
      throw unavailable('the JWT header has no "kid"; it is required with a JWKS URL');
    }
    const cached = this.#cache.find(kid);
    if (cached !== undefined) return cached;
    const body = await fetchClientJwks(this.#jwksUrl, this.#certificate).catch((error: Error) => {
      throw unavailable(error.message);
    });
    const key = await readKey(body, kid);
    this.#cache.set(kid, key);
    return key;
  }

  /** Removes every key, as if a day had passed. */
  clear(): void {
    this.#cache.clear();
  }
}

function unavailable(message: string): ClientJwtError {
  return new ClientJwtError('key_unavailable', message);
}

async function readKey(body: string, kid: string): Promise<ClientKey> {
  const keys = parseKeys(body);
  const other = keys.find((key) => key.kty !== 'RSA');
  if (other !== undefined) {
    throw unavailable(`the JWKS holds a key with "kty" ${other.kty}; One Login takes RSA only`);
  }
  const [key, ...duplicates] = keys.filter((candidate) => candidate.kid === kid);
  if (key === undefined) throw unavailable(`the JWKS has no key with the "kid" ${kid}`);
  if (duplicates.length > 0) throw unavailable(`the JWKS has several keys with the "kid" ${kid}`);
  if (key.use !== 'sig') throw unavailable(`the key ${kid} in the JWKS lacks "use": "sig"`);
  const algorithm = clientAlgorithms.find((name) => name === key.alg);
  if (algorithm === undefined) {
    throw unavailable(
      `the key ${kid} in the JWKS has the "alg" ${key.alg}, not one of ${clientAlgorithms.join(', ')}`,
    );
  }
  try {
    return { algorithm, publicKey: (await importJWK(key, algorithm)) as CryptoKey };
  } catch (error) {
    throw unavailable(`the key ${kid} in the JWKS cannot be read: ${(error as Error).message}`);
  }
}

function parseKeys(body: string): readonly JWK[] {
  const parsed = parseJson(body);
  if (parsed === undefined) throw unavailable('the JWKS is not JSON');
  const keys = (parsed as { keys?: unknown } | null)?.keys;
  const isKey = (key: unknown) => typeof (key as JWK | null)?.kty === 'string';
  if (!Array.isArray(keys) || !keys.every(isKey)) {
    throw unavailable('the JWKS has no "keys" array of keys with a "kty"');
  }
  return keys as readonly JWK[];
}
