import {
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import { ClientJwtError, type ClientKeys, clientAlgorithms } from './client-keys.ts';

/** A JWT of the service that has not been verified. */
export interface ClientJwt {
  readonly compact: string;
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/** @throws ClientJwtError `malformed` or `unsigned` */
export function readClientJwt(compact: string): ClientJwt {
  let jwt: ClientJwt;
  try {
    jwt = { compact, header: decodeProtectedHeader(compact), claims: decodeJwt(compact) };
  } catch (error) {
    throw new ClientJwtError('malformed', `it is not a JWT: ${(error as Error).message}`);
  }
  if (jwt.header.alg === undefined || jwt.header.alg.toLowerCase() === 'none') {
    throw new ClientJwtError('unsigned', 'it is not signed');
  }
  return jwt;
}

/**
 * Checks the signature with the key that the service publishes with the header's `kid`.
 *
 * @throws ClientJwtError `signature_invalid` or `key_unavailable`
 */
export async function verifyClientJwt(jwt: ClientJwt, keys: ClientKeys): Promise<void> {
  const { alg, kid } = jwt.header;
  const key = await keys.find(kid);
  try {
    if (!(clientAlgorithms as readonly unknown[]).includes(alg)) {
      throw new Error(`its "alg" is ${alg}, not one of ${clientAlgorithms.join(', ')}`);
    }
    if (alg !== key.algorithm) {
      throw new Error(`its "alg" is ${alg}, but the JWKS has ${key.algorithm} for this key`);
    }
    await compactVerify(jwt.compact, key.publicKey);
  } catch (error) {
    throw new ClientJwtError('signature_invalid', (error as Error).message);
  }
}
