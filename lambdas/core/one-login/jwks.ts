import { createPublicKey, type KeyObject } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import type { Validated } from './messages.ts';
import { type DocumentDescriptor, parseDocumentBody, type UrlFromMetadata } from './provider-document.ts';
import { hasSecretMember } from './secret-members.ts';

/** The algorithms with which One Login signs. */
export type ProviderAlgorithm = 'ES256' | 'RS256';

/** A public key of One Login, and the only algorithm that it verifies. */
export interface ProviderKey {
  readonly kid: string;
  readonly alg: ProviderAlgorithm;
  readonly publicKey: KeyObject;
}

/** The usable signature keys of a JWKS (RFC 7517, 5) by their `kid`. It has at least one key. */
export type ProviderKeySet = Validated<'jwks', ReadonlyMap<string, ProviderKey>>;

/** The keys that sign ID tokens and logout tokens. */
export const jwksDocument: DocumentDescriptor<ProviderKeySet, 'jwks', UrlFromMetadata> = {
  name: 'jwks',
  title: "the provider's JWKS",
  url: ({ jwks_uri }) => jwks_uri,
  parse: parseJwks,
};

/**
 * Validates the text of a JWKS, received or stored. Keys that can't verify a token (another use, type, curve or
 * algorithm, no `kid`) are left out. The set is refused, so that it does not replace a good one, when it is not a JWKS,
 * contains a `kid` twice, private or symmetric key material, or no usable key.
 *
 * @throws RelyingPartyError `provider_jwks_invalid`
 */
export function parseJwks(body: string): ProviderKeySet {
  const { keys: members } = parseDocumentBody(body, invalid);
  if (!Array.isArray(members)) throw invalid('no "keys" array');

  const seen = new Set<string>();
  const keys = new Map<string, ProviderKey>();
  for (const jwk of members as unknown[]) {
    if (!isJsonObject(jwk)) throw invalid('a member of "keys" is not an object');
    if (hasSecretMember(jwk)) throw invalid('it contains private or symmetric key material');
    const kid = jwk['kid'];
    if (typeof kid !== 'string' || kid === '') continue;
    if (seen.has(kid)) throw invalid('two keys have the same "kid"');
    seen.add(kid);
    const key = readSignatureKey(jwk);
    if (key !== undefined) keys.set(kid, { kid, ...key });
  }
  if (keys.size === 0) throw invalid('no usable signature key');
  return keys as ReadonlyMap<string, ProviderKey> as ProviderKeySet;
}

/**
 * Reads a public JWK that verifies ES256 (P-256) or RS256 (2,048 to 4,096 bits, exponent 65537).
 *
 * @returns undefined for every other key
 */
export function readSignatureKey(jwk: JsonObject): Omit<ProviderKey, 'kid'> | undefined {
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return undefined;
  const operations = jwk['key_ops'];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return undefined;

  const alg = chooseAlgorithm(jwk);
  if (alg === undefined || (jwk['alg'] !== undefined && jwk['alg'] !== alg)) return undefined;

  const publicKey = importPublicKey(jwk);
  if (publicKey === undefined) return undefined;
  return alg === 'RS256' && !isUsualRsaKey(publicKey) ? undefined : { alg, publicKey };
}

/** RFC 7518, 3.3 requires 2048 bits or more. Longer keys and other exponents only cost computing time. */
function isUsualRsaKey({
  asymmetricKeyDetails: { modulusLength = 0, publicExponent } = {},
}: KeyObject): boolean {
  return modulusLength >= 2048 && modulusLength <= 4096 && publicExponent === 65_537n;
}

function chooseAlgorithm(jwk: JsonObject): ProviderAlgorithm | undefined {
  if (jwk['kty'] === 'EC' && jwk['crv'] === 'P-256') return 'ES256';
  if (jwk['kty'] === 'RSA') return 'RS256';
  return undefined;
}

/** @returns undefined when the members are missing or ill-formed, or the point is not on the curve. */
function importPublicKey(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function invalid(reason: string): RelyingPartyError {
  return new RelyingPartyError('provider_jwks_invalid', `invalid JWKS of the provider: ${reason}`);
}
