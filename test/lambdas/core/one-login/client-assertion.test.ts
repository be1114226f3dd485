import { describe, expect, test } from '@jest/globals';
import { compactVerify } from 'jose';
import { buildClientAssertion } from '../../../../lambdas/core/one-login/client-assertion.ts';
import { clientId, clientPublicKey, issuer, now, nowSeconds, signer } from './example-provider.ts';

async function assertionClaims(at: number) {
  const assertion = await buildClientAssertion({ clientId, audience: issuer, now: at }, signer);
  const { payload, protectedHeader } = await compactVerify(assertion, clientPublicKey, {
    algorithms: ['PS256'],
  });
  return { header: protectedHeader, claims: JSON.parse(Buffer.from(payload).toString()) };
}

describe('the client assertion', () => {
  // id: assertion-claims
  test('is signed by our key, has issuer, subject and audience, and expires after five minutes', async () => {
    const { header, claims } = await assertionClaims(now + 999);
    expect(header).toEqual({ alg: 'PS256', kid: 'client-key-1' });
    expect(claims).toEqual({
      iss: clientId,
      sub: clientId,
      aud: issuer,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      jti: expect.any(String),
    });
  });

  // id: assertion-jti-unique
  test('never has the same jti twice', async () => {
    expect((await assertionClaims(now)).claims.jti).not.toBe((await assertionClaims(now)).claims.jti);
  });
});
