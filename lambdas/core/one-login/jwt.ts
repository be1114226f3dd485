import { verify } from 'node:crypto';
import { RelyingPartyError } from '../errors.ts';
import { type JsonObject, parseJsonObject } from './json-object.ts';
import type { ProviderAlgorithm, ProviderKey } from './jwks.ts';

/** Where the keys of one of the provider's documents come from. */
export interface KeySource<Name extends 'jwks' | 'did'> {
  readonly documentName: Name;
  /**
   * May fetch the document again when it lacks the key. Only call it for a token whose claims are valid.
   *
   * @returns undefined when the provider has no such key
   * @throws RelyingPartyError `provider_document_unavailable` and others when the key could not be looked up
   */
  findKey(kid: string): Promise<ProviderKey | undefined>;
  /** Looks among the stored keys only. */
  findStoredKey(kid: string): Promise<ProviderKey | undefined>;
}

/** The JWTs that One Login sends. Each has its own error codes, which begin with this name. */
export type JwtKind = 'id_token' | 'core_identity' | 'logout_token';

/** The faults that any of them can have. */
export type JwtFault =
  | 'malformed'
  | 'alg_unexpected'
  | 'key_unknown'
  | 'signature_invalid'
  | 'iss_unexpected'
  | 'aud_unexpected'
  | 'expired'
  | 'from_the_future';

/** A decoded JWT. Nothing in it can be trusted before {@link verifySignature}. */
export interface UnverifiedJwt {
  readonly kind: JwtKind;
  readonly token: string;
  readonly alg: string;
  readonly kid: string;
  /** The header's `typ`, of any type. */
  readonly typ: unknown;
  readonly claims: JsonObject;
}

/** Far above what One Login sends. Nothing longer is decoded: anybody can send us a logout token. */
const longestTokens: Readonly<Record<JwtKind, number>> = {
  id_token: 65_536,
  core_identity: 65_536,
  logout_token: 8_192,
};

/** Allows an empty signature, so that `alg` `none` is reported as such. */
const compactShape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/**
 * Decodes a compact JWT (RFC 7519, 7.2) and checks that it has the one expected algorithm.
 *
 * @throws RelyingPartyError `…_malformed`, `…_alg_unexpected`
 */
export function readJwt(kind: JwtKind, token: string, algorithm: ProviderAlgorithm): UnverifiedJwt {
  if (token.length > longestTokens[kind]) throw jwtError(kind, 'malformed', 'it is too long');
  if (!compactShape.test(token)) throw jwtError(kind, 'malformed', 'it is not a signed compact JWT');
  const [header, claims] = token.split('.').slice(0, 2).map(decode);
  if (header === undefined) throw jwtError(kind, 'malformed', 'its header is not a JSON object');
  if (claims === undefined) throw jwtError(kind, 'malformed', 'its payload is not a JSON object');

  const { alg, kid, typ } = header;
  if (alg !== algorithm) throw jwtError(kind, 'alg_unexpected', `header "alg" is not ${algorithm}`);
  // RFC 7515, 4.1.11: an extension that must be understood. We support none.
  if ('crit' in header) throw jwtError(kind, 'malformed', 'header "crit" is not supported');
  if (typeof kid !== 'string' || kid === '') throw jwtError(kind, 'malformed', 'header "kid" is missing');
  return { kind, token, alg: algorithm, kid, typ, claims };
}

/**
 * Verifies the signature (RFC 7515, 5.2) with the key that the `kid` names.
 *
 * @throws RelyingPartyError `…_key_unknown`, `…_alg_unexpected`, `…_signature_invalid`, and those of
 *   {@link KeySource.findKey}
 */
export async function verifySignature(
  jwt: UnverifiedJwt,
  keys: Pick<KeySource<'jwks' | 'did'>, 'findKey'>,
): Promise<void> {
  const key = await keys.findKey(jwt.kid);
  if (key === undefined) throw jwtError(jwt.kind, 'key_unknown', 'no known key has the header\'s "kid"');
  if (key.alg !== jwt.alg) {
    throw jwtError(jwt.kind, 'alg_unexpected', `header "alg" is not the key's, ${key.alg}`);
  }
  if (!isSignedBy(key, jwt.token)) {
    throw jwtError(jwt.kind, 'signature_invalid', 'its signature does not verify');
  }
}

/** The types of the keys belong to their algorithms, see {@link readSignatureKey}. Both use SHA-256 (RFC 7518, 3.3 and 3.4). */
function isSignedBy({ publicKey }: ProviderKey, token: string): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  // An ES256 signature is two numbers of 32 bytes each, and not in DER. RSA ignores this option.
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(token.slice(0, end)), key, signature);
}

/**
 * Reads the key id of an ID token from our own store, which was validated before.
 *
 * @returns the empty string, which is no key's id, for anything else
 */
export function readKeyId(token: string): string {
  const { kid } = decode(token.split('.')[0] ?? '') ?? {};
  return typeof kid === 'string' ? kid : '';
}

/** @param reason names the claim, never its value */
export function jwtError(
  kind: JwtKind,
  fault: JwtFault,
  reason: string,
  options?: { cause?: unknown },
): RelyingPartyError {
  return new RelyingPartyError(`${kind}_${fault}`, `unacceptable ${kind}: ${reason}`, options);
}

function decode(segment: string): JsonObject | undefined {
  return parseJsonObject(Buffer.from(segment, 'base64url').toString());
}
