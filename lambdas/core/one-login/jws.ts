import type { Signer } from '../ports.ts';

/**
 * Signs a JSON payload as a compact JWS (RFC 7515, 3.1) with `alg` and `kid` in its header.
 *
 * jose's `SignJWT` can't be used: it needs the private key, and ours never leaves KMS.
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
