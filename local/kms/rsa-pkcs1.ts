import { constants, type KeyObject, privateEncrypt } from 'node:crypto';

/** The DER encoding that goes before a digest (RFC 8017, 9.2, note 1). */
const digestInfo: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/**
 * Signs a digest by RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.1).
 *
 * @param hash such as `sha256`; the digest must be of its length
 */
export function signDigestPkcs1(privateKey: KeyObject, hash: string, digest: Uint8Array): Buffer {
  const prefix = Buffer.from(digestInfo[hash] ?? '', 'hex');
  return privateEncrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([prefix, digest]),
  );
}
