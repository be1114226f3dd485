import { createHmac, randomBytes } from 'node:crypto';
import { exportSPKI } from 'jose';
import type { KeyRing } from './key-ring.ts';
import type { SignatureFault } from './signature-faults.ts';
import { type SigningKey, signJwt } from './signing-key.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Signs claims, with at most one fault in header or signature: of several the first counts.
 *
 * @param header on top of `alg` and `kid`
 * @throws Error for REMOVED_KEY when no key was removed yet
 */
export async function signWithFaults(
  ring: KeyRing,
  claims: JsonObject,
  faults: readonly SignatureFault[],
  header: JsonObject = {},
): Promise<string> {
  const key = ring.signing;
  const [fault] = faults;
  if (fault === undefined) return signJwt(key, claims, header);
  switch (fault) {
    case 'MISSING_KID':
      return signJwt(key, claims, { ...header, kid: undefined });
    case 'UNKNOWN_KID':
      return signJwt(await ring.unpublishedKey(), claims, header);
    case 'REMOVED_KEY':
      return signJwt(lastRemoved(ring), claims, header);
    case 'INVALID_SIGNATURE': {
      const [head, payload] = parts(await signJwt(key, claims, header));
      return `${head}.${payload}.${randomBytes(64).toString('base64url')}`;
    }
    case 'INVALID_ALG_HEADER': {
      const [, payload, signature] = parts(await signJwt(key, claims, header));
      return `${encode({ ...header, alg: 'HS256', kid: key.kid })}.${payload}.${signature}`;
    }
    case 'ALG_NONE':
      return `${encode({ ...header, alg: 'none', kid: key.kid })}.${encode(claims)}.`;
    case 'HS256_WITH_PUBLIC_KEY':
      return hmacWithPublicKey(key, claims, header);
  }
}

/** The old confusion: a verifier that lets the token choose takes the public key for a shared secret. */
async function hmacWithPublicKey(key: SigningKey, claims: JsonObject, header: JsonObject): Promise<string> {
  const input = `${encode({ ...header, alg: 'HS256', kid: key.kid })}.${encode(claims)}`;
  const signature = createHmac('sha256', await exportSPKI(key.publicKey))
    .update(input)
    .digest('base64url');
  return `${input}.${signature}`;
}

function lastRemoved(ring: KeyRing): SigningKey {
  const key = ring.removed.at(-1);
  if (key === undefined) throw new Error('REMOVED_KEY: no key was removed yet; rotate the keys first');
  return key;
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parts(jwt: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return [header, payload, signature];
}
