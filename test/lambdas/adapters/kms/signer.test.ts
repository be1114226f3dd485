import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createKmsClient } from '../../../../lambdas/adapters/kms/client.ts';
import { KmsSigner } from '../../../../lambdas/adapters/kms/signer.ts';
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
    ['an error', { status: 400, body: { __type: 'KMSInternalException', message: 'header.payload' } }],
    ['a broken connection', 'hang_up'],
    ['an answer without a signature', { status: 200, body: {} }],
  ] as const)('makes kms_unavailable of %s, without its words', async (_, answer) => {
    const signer = await createSigner(() => answer);
    const error = await signer.sign('header.payload').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RelyingPartyError', code: 'kms_unavailable' });
    expect(String(error)).not.toContain('header.payload');
  });
});
