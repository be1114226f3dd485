import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import {
  DescribeKeyCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startEmbeddedKms } from '../../../local/kms/embedded-kms.ts';
import { KeyStore } from '../../../local/kms/key-store.ts';

const keys = new KeyStore({ partition: 'aws', region: 'eu-west-2', accountId: '123456789012' });
const [signing, symmetric] = await Promise.all([keys.create('RSA_2048'), keys.create('SYMMETRIC_DEFAULT')]);
keys.addAlias('alias/signer', signing.id);
const kms = await startEmbeddedKms(keys, () => {});
const client = new KMSClient({
  endpoint: kms.url,
  region: 'eu-west-2',
  credentials: { accessKeyId: 'LoginFunction', secretAccessKey: 'x' },
  maxAttempts: 1,
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(() => {
  signing.state = 'Enabled';
});

const message = Buffer.from('what is signed');
const digest = createHash('sha256').update(message).digest();
const sign = (input: Partial<SignCommandInput> = {}) =>
  client.send(
    new SignCommand({
      KeyId: signing.id,
      Message: digest,
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PSS_SHA_256',
      ...input,
    }),
  );
const getPublicKey = (KeyId = signing.id) => client.send(new GetPublicKeyCommand({ KeyId }));

describe('the embedded KMS', () => {
  test.each([
    ['key id', signing.id],
    ['key ARN', signing.arn],
    ['alias', 'alias/signer'],
    ['alias ARN', 'arn:aws:kms:eu-west-2:123456789012:alias/signer'],
  ])('signs a digest by PS256 with the key of a %s', async (_name, KeyId) => {
    const { Signature: signature = new Uint8Array(), KeyId: keyId } = await sign({ KeyId });
    const { PublicKey: der = [], ...described } = await getPublicKey();
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', message, options, signature)).toBe(true);
    expect(keyId).toBe(signing.arn);
    expect(described).toMatchObject({ KeyId: signing.arn, KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  });

  test.each<[string, Partial<SignCommandInput>, string, string]>([
    ['a raw message', { MessageType: 'RAW' }, 'ValidationException', 'signs a DIGEST'],
    [
      'another algorithm',
      { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
      'ValidationException',
      'by RSASSA_PSS_SHA_256 only',
    ],
    ['a message as a digest', { Message: message }, 'ValidationException', 'Digest is invalid length'],
    ['a symmetric key', { KeyId: symmetric.id }, 'InvalidKeyUsageException', 'is not a key that signs'],
    ['an unknown key', { KeyId: '00000000-0000-4000-8000-000000000000' }, 'NotFoundException', 'no key 0000'],
    [
      'a key of another account',
      { KeyId: signing.arn.replace('123456789012', '999999999999') },
      'NotFoundException',
      'there is no key arn:',
    ],
    ['an unknown alias', { KeyId: 'alias/other' }, 'NotFoundException', 'there is no key alias/other'],
  ])('refuses to sign with %s', async (_name, input, name, problem) => {
    await expect(sign(input)).rejects.toMatchObject({ name, message: expect.stringContaining(problem) });
  });

  test.each(['Disabled', 'PendingDeletion'] as const)(
    'refuses to use a key in the state %s, and describes it',
    async (state) => {
      signing.state = state;
      await expect(sign()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
      await expect(getPublicKey()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
      const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/signer' }));
      expect(metadata).toMatchObject({
        KeyId: signing.id,
        Arn: signing.arn,
        Enabled: false,
        KeyState: state,
      });
      expect(metadata?.CreationDate?.getTime()).toBe(signing.createdAt);
    },
  );

  test('returns UnknownOperationException for another operation', async () => {
    await expect(client.send(new GenerateRandomCommand({ NumberOfBytes: 1 }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe('a fault of an embedded service', () => {
  test('is an error for one action until it ends', async () => {
    const end = kms.injectFault({ action: 'Sign', error: { status: 400, type: 'ThrottlingException' } });
    await expect(sign()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(getPublicKey()).resolves.toBeDefined();
    end();
    await expect(sign()).resolves.toBeDefined();
  });

  test('can be for one caller only', async () => {
    const error = { status: 500, type: 'KMSInternalException' };
    const end = kms.injectFault({ caller: 'OtherFunction', error });
    await expect(sign()).resolves.toBeDefined();
    end();
  });

  test('can hold the response', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = kms.injectFault({ hold: promise });
    const pending = sign();
    const next = new Promise((done) => setImmediate(done, 'pending'));
    await expect(Promise.race([pending, next])).resolves.toBe('pending');
    resolve();
    await expect(pending).resolves.toBeDefined();
    end();
  });

  test('can close the connection', async () => {
    const end = kms.injectFault({ disconnect: true });
    await expect(sign()).rejects.toThrow();
    end();
  });
});
