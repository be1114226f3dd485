import { randomUUID } from 'node:crypto';
import type { Signer } from '../ports.ts';
import { signJws } from './jws.ts';

/** Seconds. One Login recommends five minutes. */
const lifetime = 300;

export interface ClientAssertionParameters {
  readonly clientId: string;
  /** The provider's issuer, as one string (OIDC Core 9, RFC 7523 3). */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Builds the assertion that authenticates us at the token endpoint (`private_key_jwt`, OIDC Core 9). It can be used
 * once: every token request needs a new one.
 *
 * @throws RelyingPartyError `kms_unavailable` from the signer
 */
export async function buildClientAssertion(
  parameters: ClientAssertionParameters,
  signer: Signer,
): Promise<string> {
  const iat = Math.floor(parameters.now / 1000);
  const claims = {
    iss: parameters.clientId,
    sub: parameters.clientId,
    aud: parameters.audience,
    iat,
    exp: iat + lifetime,
    jti: randomUUID(),
  };
  return await signJws(claims, signer);
}
