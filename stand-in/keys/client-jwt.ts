import {
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import { type ClientKeys, clientAlgorithms } from './client-keys.ts';

/** Thrown for a JWT of the service that is not a JWT, is not signed, or has a wrong signature. */
export class ClientJwtInvalid extends Error {
  override readonly name = 'ClientJwtInvalid';
  readonly kind: 'malformed' | 'unsigned' | 'signature_invalid';

  constructor(kind: ClientJwtInvalid['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A JWT of the service that has not been verified. */
export interface ClientJwt {
  readonly compact: string;
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/** @throws ClientJwtInvalid `malformed` or `unsigned` */
export function readClientJwt(compact: string): ClientJwt {
  let jwt: ClientJwt;
  try {
    jwt = { compact, header: decodeProtectedHeader(compact), claims: decodeJwt(compact) };
  } catch (error) {
    throw new ClientJwtInvalid('malformed', `it is not a JWT: ${(error as Error).message}`);
  }
  if (jwt.header.alg === undefined || jwt.header.alg.toLowerCase() === 'none') {
    throw new ClientJwtInvalid('unsigned', 'it is not signed');
  }
  return jwt;
}

/**
 * Checks the signature with the key that the service publishes with the header's `kid`.
 *
 * @throws ClientKeyUnavailable; ClientJwtInvalid `signature_invalid`
 */
export async function verifyClientJwt(jwt: ClientJwt, keys: ClientKeys): Promise<void> {
  const key = await keys.find(jwt.header.kid);
  if (!(clientAlgorithms as readonly unknown[]).includes(jwt.header.alg)) {
    throw new ClientJwtInvalid(
      'signature_invalid',
      `its "alg" is ${jwt.header.alg}, not one of ${clientAlgorithms.join(', ')}`,
    );
  }
  if (jwt.header.alg !== key.algorithm) {
    throw new ClientJwtInvalid(
      'signature_invalid',
      `its "alg" is ${jwt.header.alg}, but the JWKS says ${key.algorithm} for this key`,
    );
  }
  try {
    await compactVerify(jwt.compact, key.publicKey);
  } catch (error) {
    throw new ClientJwtInvalid('signature_invalid', `its signature is wrong: ${(error as Error).message}`);
  }
}
