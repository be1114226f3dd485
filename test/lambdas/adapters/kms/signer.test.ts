import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createKmsClient } from '../../../../lambdas/adapters/kms/client.ts';
import { KmsSigner } from '../../../../lambdas/adapters/kms/signer.ts';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { type AwsAnswer, type AwsRequest, type StubAws, startStubAws } from '../stub-aws.ts';

let aws: StubAws | undefined;
afterEach(() => aws?.stop());

async function createSigner(answer: (request: AwsRequest) => AwsAnswer): Promise<KmsSigner> {
  aws = await startStubAws(answer);
  return new KmsSigner(
    createKmsClient({ environment: aws.environment, clock: { now: () => 0, wait: async () => undefined } }),
    'key-id',
  );
}

describe('KmsSigner', () => {
  test('requests a PS256 signature over the digest from KMS, whatever the length of the message', async () => {
    const signer = await createSigner(() => ({ status: 200, body: { Signature: 'AAEC/w==' } }));
    const signingInput = `header.${'x'.repeat(10_000)}`;
    expect([...(await signer.sign(signingInput))]).toEqual([0, 1, 2, 255]);
    expect(aws?.requests).toMatchObject([
      {
        operation: 'Sign',
        input: {
          KeyId: 'key-id',
          Message: createHash('sha256').update(signingInput).digest('base64'),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'RSASSA_PSS_SHA_256',
        },
      },
    ]);
    expect(signer).toMatchObject({ keyId: 'key-id', algorithm: 'PS256' });
  });

  test.each([
    [
      'an error',
      { status: 400, body: { __type: 'KMSInternalException', message: 'header.payload' } },
      'Sign failed: KMSInternalException',
      'KMSInternalException',
    ],
    ['a broken connection', 'hang_up', 'Sign failed: ECONNRESET', 'Error'],
    [
      'a response without a signature',
      { status: 200, body: {} },
      'the response to Sign has no signature',
      undefined,
    ],
  ] as const)('makes kms_unavailable of %s, without its words', async (_, answer, message, cause) => {
    const signer = await createSigner(() => answer);
    const error = await signer.sign('header.payload').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RelyingPartyError', code: 'kms_unavailable', message });
    expect((error as Error).cause).toEqual(cause && expect.objectContaining({ name: cause }));
    expect(String(error)).not.toContain('header.payload');
  });

  test('that is bound to a signal signs, and rejects with the reason once it is aborted', async () => {
    const signer = await createSigner(() => ({ status: 200, body: { Signature: 'AAEC/w==' } }));
    const abort = new AbortController();
    const bound = signer.withSignal(abort.signal);
    expect([...(await bound.sign('header.payload'))]).toEqual([0, 1, 2, 255]);
    const reason = new RelyingPartyError('deadline_exceeded', 'over');
    abort.abort(reason);
    await expect(bound.sign('header.payload')).rejects.toBe(reason);
  });
});
