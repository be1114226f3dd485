import type { Signer } from '../ports.ts';

/**
 * Signs a JSON payload as a compact JWS (RFC 7515, 3.1) under a header of `alg` and `kid`.
 *
 * Not jose's `SignJWT`: that wants the private key, and ours never leaves KMS.
 *
 * @throws RelyingPartyError `kms_unavailable` from the signer
 */
export async function signJws(payload: object, signer: Signer): Promise<string> {
  const header = { alg: signer.algorithm, kid: signer.keyId };
  const signingInput = `${encode(header)}.${encode(payload)}`;
  const signature = await signer.sign(signingInput);
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
