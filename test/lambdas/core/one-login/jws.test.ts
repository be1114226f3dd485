import { describe, expect, test } from '@jest/globals';
import { compactVerify } from 'jose';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { signJws } from '../../../../lambdas/core/one-login/jws.ts';
import { clientPublicKey, signer } from './example-provider.ts';

describe('a JWS of ours', () => {
  test('has the algorithm and key id of its signer, and verifies', async () => {
    const payload = { text: 'Ŵ – “quoted” 🎉', list: [1] };
    const verified = await compactVerify(await signJws(payload, signer), clientPublicKey);
    expect(verified.protectedHeader).toEqual({ alg: 'PS256', kid: 'client-key-1' });
    expect(JSON.parse(Buffer.from(verified.payload).toString())).toEqual(payload);
  });

  test('is not made when the signer fails', async () => {
    const failure = new RelyingPartyError('kms_unavailable', 'KMS did not respond');
    const failing = { ...signer, sign: () => Promise.reject(failure) };
    await expect(signJws({}, failing)).rejects.toBe(failure);
  });
});
