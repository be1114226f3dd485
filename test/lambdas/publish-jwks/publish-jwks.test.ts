import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { type KmsPublicKey, publish, readModulus } from '../../../lambdas/publish-jwks/handler.ts';
import { createAccessDenied, createCustomResourceEvent } from '../../support/custom-resources.ts';
import { TestClock } from '../../support/test-clock.ts';

type GetPublicKey = Parameters<typeof publish>[0]['getPublicKey'];

const rsa2048 = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

function createKmsKey(key: KeyObject): KmsPublicKey {
  const PublicKey = key.export({ format: 'der', type: 'spki' });
  return { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', PublicKey };
}

describe('the custom resource of a published signing key', () => {
  const publishKey = (
    type: 'Create' | 'Update' | 'Delete',
    getPublicKey: GetPublicKey,
    { clock = new TestClock(0), OtherKids }: { clock?: TestClock; OtherKids?: readonly string[] } = {},
  ) =>
    publish(
      { getPublicKey, clock },
      createCustomResourceEvent(type, { KeyId: 'key-1', ...(OtherKids && { OtherKids }) }),
    );

  test.each(['Create', 'Update'] as const)(
    'returns at %s the modulus, and the key id as its own',
    async (type) => {
      const getPublicKey = jest.fn<GetPublicKey>().mockResolvedValue(createKmsKey(rsa2048));

      expect(await publishKey(type, getPublicKey)).toEqual({
        physicalResourceId: 'key-1',
        data: { n: rsa2048.export({ format: 'jwk' }).n },
      });
      expect(getPublicKey.mock.calls).toEqual([['key-1']]);
    },
  );

  test('refuses a key of another system with the same kid, and accepts others', async () => {
    const getPublicKey = jest.fn<GetPublicKey>().mockResolvedValue(createKmsKey(rsa2048));

    for (const type of ['Create', 'Update'] as const) {
      await expect(publishKey(type, getPublicKey, { OtherKids: ['old', 'key-1'] })).rejects.toThrow(
        "publishedKeys has the kid key-1, which is the signing key's own: remove it there",
      );
    }
    expect(getPublicKey).not.toHaveBeenCalled();
    expect(await publishKey('Update', getPublicKey, { OtherKids: ['old', 'key-11'] })).toHaveProperty('data');
  });

  test('does not read the key at Delete', async () => {
    const getPublicKey = () => Promise.reject(new Error('must not be called'));
    expect(await publishKey('Delete', getPublicKey)).toEqual({ physicalResourceId: 'thing' });
  });

  test('waits for a permission that is not in force yet', async () => {
    const getPublicKey = jest.fn<GetPublicKey>().mockResolvedValue(createKmsKey(rsa2048));
    for (let i = 0; i < 5; i += 1) getPublicKey.mockRejectedValueOnce(createAccessDenied());

    expect((await publishKey('Create', getPublicKey)).data?.['n']).toMatch(/^[\w-]{342}$/);
    expect(getPublicKey).toHaveBeenCalledTimes(6);
  });

  test('gives up waiting for the permission before the function ends', async () => {
    const clock = new TestClock(0);

    await expect(publishKey('Create', () => Promise.reject(createAccessDenied()), { clock })).rejects.toThrow(
      "the signing key key-1 can't be published: AccessDeniedException: not yet",
    );
    expect(clock.now()).toBeGreaterThan(30_000);
    expect(clock.now()).toBeLessThanOrEqual(40_000);
  });

  test('does not wait after any other failure', async () => {
    const clock = new TestClock(0);
    const getPublicKey = () => Promise.reject(new Error('key is pending deletion'));

    await expect(publishKey('Create', getPublicKey, { clock })).rejects.toThrow('key is pending deletion');
    expect(clock.now()).toBe(0);
  });

  test.each([undefined, '', 7])('refuses the key id %p', async (KeyId) => {
    const event = createCustomResourceEvent('Create', { KeyId });
    const dependencies = { getPublicKey: async () => createKmsKey(rsa2048), clock: new TestClock(0) };

    await expect(publish(dependencies, event)).rejects.toThrow('the property KeyId must name a KMS key');
  });
});

describe('the modulus', () => {
  const rsa3072 = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey;
  const oddExponent = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

  test.each<[string, KmsPublicKey, string]>([
    [
      'a key spec other than RSA_2048',
      { ...createKmsKey(rsa2048), KeySpec: 'RSA_3072' },
      'expected RSA_2048',
    ],
    ['a key for encryption', { ...createKmsKey(rsa2048), KeyUsage: 'ENCRYPT_DECRYPT' }, 'expected RSA_2048'],
    ['a response without a key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'expected RSA_2048'],
    ['an RSA key of 3072 bits', createKmsKey(rsa3072), 'rsa of 3072 bits, expected rsa of 2048'],
    ['an EC key', createKmsKey(p256), 'expected rsa of 2048'],
    ['an exponent other than 65537', createKmsKey(oddExponent), 'expected AQAB'],
  ])('is refused for %s', (_, answer, message) => {
    expect(() => readModulus(answer)).toThrow(message);
  });

  test('contains nothing that a response template would read as code', () => {
    expect(readModulus(createKmsKey(rsa2048))).toMatch(/^[A-Za-z0-9_-]{342}$/);
  });
});
