import { createPublicKey } from 'node:crypto';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Clock } from '../core/ports.ts';
import type { CustomResourceResult } from '../custom-resource/handle-custom-resource.ts';
import { retryWhileAccessDenied } from '../custom-resource/retry-while-access-denied.ts';

export interface PublishJwksDependencies {
  /** KMS's GetPublicKey. */
  readonly getPublicKey: (keyId: string) => Promise<KmsPublicKey>;
  readonly clock: Clock;
}

/**
 * Handles the custom resource of one published signing key. Its property `KeyId` names the key. Its attribute `n` is the
 * modulus, which the stack puts into the JWKS that API Gateway serves. `OtherKids` lists the keys of other systems. Its deletion does nothing, because the key is a
 * resource of its own.
 *
 * @throws Error whose message names the key and what is wrong with it
 */
export async function publish(
  { getPublicKey, clock }: PublishJwksDependencies,
  event: CloudFormationCustomResourceEvent,
): Promise<CustomResourceResult> {
  if (event.RequestType === 'Delete') return { physicalResourceId: event.PhysicalResourceId };
  const keyId: unknown = event.ResourceProperties['KeyId'];
  if (typeof keyId !== 'string' || keyId === '') throw new Error('the property KeyId must name a KMS key');
  // One Login takes the first of two keys with the same kid.
  if ([event.ResourceProperties['OtherKids']].flat().includes(keyId)) {
    throw new Error(`publishedKeys has the kid ${keyId}, which is the signing key's own: remove it there`);
  }
  try {
    const n = readModulus(await retryWhileAccessDenied(() => getPublicKey(keyId), clock));
    return { physicalResourceId: keyId, data: { n } };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    throw new Error(`the signing key ${keyId} can't be published: ${reason}`, { cause: error });
  }
}

/** The response of KMS to GetPublicKey. */
export interface KmsPublicKey {
  readonly KeySpec?: string | undefined;
  readonly KeyUsage?: string | undefined;
  /** DER-encoded SubjectPublicKeyInfo (RFC 5280, 4.1). */
  readonly PublicKey?: Uint8Array | undefined;
}

/** The exponent that the published JWKS names for each key: 65537 (RFC 7518, 6.3.1.2). */
const publicExponent = 'AQAB';

/**
 * Reads the modulus of an RSA 2048 signing key in the form of a JWK (RFC 7518, 6.3.1.1). It becomes part of a response template
 * of API Gateway, so it must not contain any syntax of the template language.
 *
 * @throws Error for any other key
 */
export function readModulus({ KeySpec, KeyUsage, PublicKey }: KmsPublicKey): string {
  if (KeySpec !== 'RSA_2048' || KeyUsage !== 'SIGN_VERIFY' || PublicKey === undefined) {
    throw new Error(`the key is ${KeySpec} for ${KeyUsage}, expected RSA_2048 for SIGN_VERIFY`);
  }
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits !== 2048) {
    throw new Error(`the public key is ${key.asymmetricKeyType} of ${bits} bits, expected rsa of 2048`);
  }
  const { n, e } = key.export({ format: 'jwk' });
  if (e !== publicExponent) throw new Error(`the public exponent is ${e}, expected ${publicExponent}`);
  if (n === undefined || !/^[\w-]+$/.test(n)) throw new Error('the modulus is not base64url');
  return n;
}
