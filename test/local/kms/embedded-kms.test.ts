import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../../../local/aws/aws-call.ts';
import { startEmbeddedKms } from '../../../local/kms/embedded-kms.ts';
import { KeyStore } from '../../../local/kms/key-store.ts';

const keys = new KeyStore({ partition: 'aws', region: 'eu-west-2', accountId: '123456789012' });
const [signing, symmetric, encrypting] = await Promise.all([
  keys.create({ spec: 'RSA_2048', usage: 'SIGN_VERIFY', description: 'signs', state: 'Enabled' }),
  keys.create({ spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', description: '', state: 'Enabled' }),
  keys.create({ spec: 'RSA_2048', usage: 'ENCRYPT_DECRYPT', description: '', state: 'Enabled' }),
]);
keys.addAlias('alias/signer', signing.id);
const calls: AwsCall[] = [];
const kms = await startEmbeddedKms(keys, (call) => calls.push(call));
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
  calls.length = 0;
});

const message = Buffer.from('what is signed');
const digest = createHash('sha256').update(message).digest();
const sign = (input: Partial<SignCommandInput>) =>
  client.send(
    new SignCommand({
      KeyId: signing.id,
      Message: digest,
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PSS_SHA_256',
      ...input,
    }),
  );

async function publicKey() {
  const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId: signing.id }));
  return createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' });
}

describe('ListAliases', () => {
  test('lists the aliases, with the keys that they name and when they were made', async () => {
    keys.addAlias('alias/dated', signing.id, 1_700_000_000_000);

    const { Aliases: all = [] } = await client.send(new ListAliasesCommand({}));
    const { Aliases: ofOther = [] } = await client.send(new ListAliasesCommand({ KeyId: symmetric.id }));

    expect(all.map(({ AliasName: name }) => name)).toEqual(['alias/signer', 'alias/dated']);
    expect(all[1]).toMatchObject({ TargetKeyId: signing.id, CreationDate: new Date(1_700_000_000_000) });
    expect(ofOther).toEqual([]);
  });
});

describe('Sign', () => {
  test.each(['256', '384', '512'] as const)('signs a digest by RSASSA-PSS with SHA-%s', async (bits) => {
    const hash = `sha${bits}`;
    const { Signature: signature, KeyId: keyId } = await sign({
      Message: createHash(hash).update(message).digest(),
      SigningAlgorithm: `RSASSA_PSS_SHA_${bits}`,
    });
    const key = {
      key: await publicKey(),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: Number(bits) / 8,
    };
    expect(verify(hash, message, key, signature ?? new Uint8Array())).toBe(true);
    expect(keyId).toBe(signing.arn);
  });

  test.each(['256', '384', '512'] as const)(
    'signs a digest by RSASSA-PKCS1-v1_5 with SHA-%s',
    async (bits) => {
      const hash = `sha${bits}`;
      const { Signature: signature } = await sign({
        Message: createHash(hash).update(message).digest(),
        SigningAlgorithm: `RSASSA_PKCS1_V1_5_SHA_${bits}`,
      });
      expect(verify(hash, message, await publicKey(), signature ?? new Uint8Array())).toBe(true);
    },
  );

  test('hashes a raw message of up to 4,096 bytes itself', async () => {
    const longest = Buffer.alloc(4096, 'x');
    const { Signature: signature } = await sign({ Message: longest, MessageType: 'RAW' });
    const key = { key: await publicKey(), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', longest, key, signature ?? new Uint8Array())).toBe(true);
  });

  test.each([
    ['key id', signing.id],
    ['key ARN', signing.arn],
    ['alias', 'alias/signer'],
    ['alias ARN', 'arn:aws:kms:eu-west-2:123456789012:alias/signer'],
  ])('takes a key by its %s', async (_name, KeyId) => {
    await expect(sign({ KeyId })).resolves.toMatchObject({ KeyId: signing.arn });
  });

  test.each<[string, Partial<SignCommandInput>, string, string]>([
    [
      'a longer raw message',
      { Message: Buffer.alloc(4097), MessageType: 'RAW' },
      'ValidationException',
      'less than or equal to 4096',
    ],
    ['an empty message', { Message: Buffer.alloc(0) }, 'ValidationException', 'greater than or equal to 1'],
    [
      'a digest of another length',
      { Message: Buffer.alloc(48) },
      'ValidationException',
      'Digest is invalid length for algorithm RSASSA_PSS_SHA_256',
    ],
    ['a message as a digest', { Message: message }, 'ValidationException', 'Digest is invalid length'],
    [
      'an unknown algorithm',
      { SigningAlgorithm: 'NONE' as never },
      'ValidationException',
      'signingAlgorithm',
    ],
    ['an unknown message type', { MessageType: 'HASH' as never }, 'ValidationException', 'messageType'],
    [
      "another key type's algorithm",
      { SigningAlgorithm: 'ECDSA_SHA_256' },
      'InvalidKeyUsageException',
      'incompatible with key spec RSA_2048',
    ],
    ['a symmetric key', { KeyId: symmetric.id }, 'InvalidKeyUsageException', 'key usage is ENCRYPT_DECRYPT'],
    ['a key for encryption', { KeyId: encrypting.id }, 'InvalidKeyUsageException', 'not valid for Sign'],
    [
      'an unknown key',
      { KeyId: '00000000-0000-4000-8000-000000000000' },
      'NotFoundException',
      'does not exist',
    ],
    [
      'a key of another account',
      { KeyId: signing.arn.replace('123456789012', '999999999999') },
      'NotFoundException',
      'does not exist',
    ],
    [
      'an unknown alias',
      { KeyId: 'alias/nobody' },
      'NotFoundException',
      'Alias arn:aws:kms:eu-west-2:123456789012:alias/nobody is not found',
    ],
  ])('refuses %s as KMS does', async (_name, input, name, problem) => {
    await expect(sign(input)).rejects.toMatchObject({ name, message: expect.stringContaining(problem) });
  });

  test.each([
    ['Disabled', 'DisabledException', 'is disabled'],
    ['PendingDeletion', 'KMSInvalidStateException', 'is pending deletion'],
  ] as const)('refuses a key in the state %s, also for its public key', async (state, name, problem) => {
    signing.state = state;
    const expected = { name, message: expect.stringContaining(problem) };
    await expect(sign({})).rejects.toMatchObject(expected);
    await expect(client.send(new GetPublicKeyCommand({ KeyId: signing.id }))).rejects.toMatchObject(expected);
  });
});

describe('the other operations', () => {
  test('GetPublicKey tells what the key is for', async () => {
    await expect(client.send(new GetPublicKeyCommand({ KeyId: signing.id }))).resolves.toMatchObject({
      KeyId: signing.arn,
      KeySpec: 'RSA_2048',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: expect.arrayContaining(['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256']),
    });
  });

  test('GetPublicKey refuses a symmetric key', async () => {
    const command = new GetPublicKeyCommand({ KeyId: symmetric.id });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });

  test('DescribeKey tells the state, whatever it is', async () => {
    signing.state = 'PendingDeletion';
    const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/signer' }));
    expect(metadata).toMatchObject({
      KeyId: signing.id,
      Arn: signing.arn,
      Enabled: false,
      KeyState: 'PendingDeletion',
    });
    expect(metadata?.CreationDate?.getTime()).toBe(signing.createdAt);
  });

  test('what it can not do is answered with UnknownOperationException', async () => {
    await expect(client.send(new ListKeysCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });

  test('a call without a signature is refused', async () => {
    const headers = { 'x-amz-target': 'TrentService.DescribeKey' };
    const response = await fetch(kms.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ KeyId: signing.id }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

describe('tests', () => {
  test('see who called what', async () => {
    await sign({});
    expect(calls).toEqual([
      {
        service: 'kms',
        action: 'Sign',
        caller: 'LoginFunction',
        input: expect.objectContaining({ KeyId: signing.id, MessageType: 'DIGEST' }),
      },
    ]);
  });

  test('can make it fail, for one action and until they end it', async () => {
    const end = kms.injectFault({ action: 'Sign', error: { status: 400, type: 'ThrottlingException' } });
    await expect(sign({})).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(publicKey()).resolves.toBeDefined();
    end();
    await expect(sign({})).resolves.toBeDefined();
  });

  test('can make it fail for one caller only', async () => {
    const end = kms.injectFault({
      caller: 'OtherFunction',
      error: { status: 500, type: 'KMSInternalException' },
    });
    await expect(sign({})).resolves.toBeDefined();
    end();
  });

  test('can make it slow', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = kms.injectFault({ hold: promise });
    const pending = sign({});
    await expect(Promise.race([pending, new Promise((done) => setImmediate(done, 'pending'))])).resolves.toBe(
      'pending',
    );
    resolve();
    await expect(pending).resolves.toBeDefined();
    end();
  });

  test('can make it break off the connection', async () => {
    const end = kms.injectFault({ disconnect: true });
    await expect(sign({})).rejects.toThrow();
    end();
  });
});
