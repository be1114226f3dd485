import { createHmac, randomBytes } from 'node:crypto';
import { exportSPKI } from 'jose';
import { type KeyRing, type SigningKey, signJwt } from './key-ring.ts';

/** Faults of the header or the signature of a token. Each kind of token has faults of its claims as well. */
export const signatureFaults = [
  /** The header has HS256; the signature is the genuine one. */
  'INVALID_ALG_HEADER',
  /** A random signature. */
  'INVALID_SIGNATURE',
  /** Signed correctly by a key that was never published. */
  'UNKNOWN_KID',
  /** Signed by the key that was removed last. */
  'REMOVED_KEY',
  /** The header has no `kid`. */
  'MISSING_KID',
  /** `alg` none, no signature. */
  'ALG_NONE',
  /** HMAC with the text of the public key as the secret. */
  'HS256_WITH_PUBLIC_KEY',
] as const;
export type SignatureFault = (typeof signatureFaults)[number];

export type Claims = Readonly<Record<string, unknown>>;

/** By fault, the claims that replace those of the token; undefined removes a claim. `now` is in seconds. */
export type ClaimFaults = Readonly<Record<string, (claims: Claims, now: number) => Claims>>;

const day = 86_400;

/** The claim faults of every token. */
export function commonClaimFaults(lifetimeSeconds: number, hasNotBefore = false) {
  const issuedAt = (iat: number) => ({
    iat,
    ...(hasNotBefore ? { nbf: iat } : {}),
    exp: iat + lifetimeSeconds,
  });
  return {
    INVALID_ISS: () => ({ iss: 'https://example.com/identity-provider' }),
    INVALID_AUD: () => ({ aud: 'another-client' }),
    TOKEN_EXPIRED: (_claims: Claims, now: number) => issuedAt(now - day),
    TOKEN_NOT_VALID_YET: (_claims: Claims, now: number) => issuedAt(now + day),
  };
}

/** The names of claim faults, in their order. */
export function listNames<Faults extends ClaimFaults>(faults: Faults): readonly (keyof Faults & string)[] {
  return Object.keys(faults);
}

/** Applies those of the faults that change claims, one after the other. */
export function changeClaims(
  claims: Claims,
  faults: readonly string[],
  claimFaults: ClaimFaults,
  now: number,
): Claims {
  let changed = claims;
  for (const fault of faults) changed = { ...changed, ...claimFaults[fault]?.(changed, now) };
  return changed;
}

/**
 * Signs claims, with the first of the faults that changes the header or the signature.
 *
 * @param header in addition to `alg` and `kid`
 * @throws Error for REMOVED_KEY before a key has been removed
 */
export async function signWithFaults(
  ring: KeyRing,
  claims: Claims,
  faults: readonly string[],
  header: Claims = {},
): Promise<string> {
  const key = ring.signing;
  switch (faults.find(isSignatureFault)) {
    case undefined:
      return signJwt(key, claims, header);
    case 'MISSING_KID':
      return signJwt(key, claims, { ...header, kid: undefined });
    case 'UNKNOWN_KID':
      return signJwt(await ring.createUnpublishedKey(), claims, header);
    case 'REMOVED_KEY':
      return signJwt(findLastRemoved(ring), claims, header);
    case 'INVALID_SIGNATURE': {
      const [head, payload] = (await signJwt(key, claims, header)).split('.');
      return `${head}.${payload}.${randomBytes(64).toString('base64url')}`;
    }
    case 'INVALID_ALG_HEADER': {
      const [, payload, signature] = (await signJwt(key, claims, header)).split('.');
      return `${encode({ ...header, alg: 'HS256', kid: key.kid })}.${payload}.${signature}`;
    }
    case 'ALG_NONE':
      return `${encode({ ...header, alg: 'none', kid: key.kid })}.${encode(claims)}.`;
    case 'HS256_WITH_PUBLIC_KEY':
      return signWithPublicKey(key, claims, header);
  }
}

function isSignatureFault(fault: string): fault is SignatureFault {
  return (signatureFaults as readonly string[]).includes(fault);
}

/** Works against a verifier that lets the token choose the algorithm: it uses the public key as a shared secret. */
async function signWithPublicKey(key: SigningKey, claims: Claims, header: Claims): Promise<string> {
  const input = `${encode({ ...header, alg: 'HS256', kid: key.kid })}.${encode(claims)}`;
  const secret = await exportSPKI(key.publicKey);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function findLastRemoved(ring: KeyRing): SigningKey {
  const key = ring.removed.at(-1);
  if (key === undefined) throw new Error('REMOVED_KEY: no key was removed yet; rotate the keys first');
  return key;
}

function encode(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
