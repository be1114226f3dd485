import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { PublishedKeyConfig } from '../../lib/config/deployment-config.ts';

/** Makes a key of another system. @param changes to the JWK that the config has */
export function makePublishedKey(changes: Partial<PublishedKeyConfig> = {}, modulusLength = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { privateKey, jwk: describePublicKey(publicKey, changes) };
}

function describePublicKey(key: KeyObject, changes: Partial<PublishedKeyConfig>): PublishedKeyConfig {
  const { n = '' } = key.export({ format: 'jwk' });
  return { kty: 'RSA', kid: 'old-2024', alg: 'RS256', e: 'AQAB', n, ...changes };
}
