import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type KmsPublicKey, publish, readModulus } from '../../../lambdas/publish-jwks/handler.ts';

const rsa2048 = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

describe('the custom resource of a published signing key', () => {
  test.each(['Create', 'Update'] as const)(
    '%s answers with the modulus, and the key id as its own',
    async (type) => {
      const asked: string[] = [];
      const result = await publish(
        {
          getPublicKey: async (keyId) => {
            asked.push(keyId);
            return kmsAnswer(rsa2048);
          },
          clock: clockThatMoves(),
        },
        buildEvent(type),
      );

      expect(asked).toEqual(['key-1']);
      expect(result).toEqual({
        physicalResourceId: 'key-1',
        data: { n: rsa2048.export({ format: 'jwk' }).n },
      });
    },
  );

  test('Delete leaves the key alone', async () => {
    const result = await publish(
      { getPublicKey: () => Promise.reject(new Error('must not be asked')), clock: clockThatMoves() },
      buildEvent('Delete'),
    );

    expect(result).toEqual({ physicalResourceId: 'key-0' });
  });

  test('waits for a permission that AWS does not know of yet', async () => {
    let calls = 0;
    const result = await publish(
      {
        getPublicKey: async () => {
          calls += 1;
          if (calls <= 5) throw accessDenied();
          return kmsAnswer(rsa2048);
        },
        clock: clockThatMoves(),
      },
      buildEvent('Create'),
    );

    expect(calls).toBe(6);
    expect(result.data?.['n']).toMatch(/^[\w-]{342}$/);
  });

  test('gives up waiting for the permission before the function is ended', async () => {
    const clock = clockThatMoves();
    const publishing = publish(
      { getPublicKey: () => Promise.reject(accessDenied()), clock },
      buildEvent('Create'),
    );

    await expect(publishing).rejects.toThrow(
      "the signing key key-1 can't be published: AccessDeniedException: not yet",
    );
    expect(clock.now()).toBeGreaterThan(30_000);
    expect(clock.now()).toBeLessThanOrEqual(40_000);
  });

  test('does not wait after any other failure', async () => {
    const clock = clockThatMoves();
    const publishing = publish(
      { getPublicKey: () => Promise.reject(new Error('key is pending deletion')), clock },
      buildEvent('Create'),
    );

    await expect(publishing).rejects.toThrow('key is pending deletion');
    expect(clock.now()).toBe(0);
  });

  test.each([undefined, '', 7])('refuses the key id %p', async (keyId) => {
    const event = { ...buildEvent('Create'), ResourceProperties: { ServiceToken: 'arn', KeyId: keyId } };
    const publishing = publish(
      { getPublicKey: async () => kmsAnswer(rsa2048), clock: clockThatMoves() },
      event as CloudFormationCustomResourceEvent,
    );

    await expect(publishing).rejects.toThrow('the property KeyId must name a KMS key');
  });
});

describe('the modulus', () => {
  const rsa3072 = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey;
  const oddExponent = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

  test.each<[string, KmsPublicKey, string]>([
    ['a key spec other than RSA_2048', { ...kmsAnswer(rsa2048), KeySpec: 'RSA_3072' }, 'expected RSA_2048'],
    ['a key for encryption', { ...kmsAnswer(rsa2048), KeyUsage: 'ENCRYPT_DECRYPT' }, 'expected RSA_2048'],
    ['an answer without a key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'expected RSA_2048'],
    ['an RSA key of 3072 bits', kmsAnswer(rsa3072), 'rsa of 3072 bits, expected rsa of 2048'],
    ['an EC key', kmsAnswer(p256), 'expected rsa of 2048'],
    ['an exponent other than 65537', kmsAnswer(oddExponent), 'expected AQAB'],
  ])('is refused for %s', (_, answer, message) => {
    expect(() => readModulus(answer)).toThrow(message);
  });

  test('holds nothing that a response template would read as code', () => {
    expect(readModulus(kmsAnswer(rsa2048))).toMatch(/^[A-Za-z0-9_-]{342}$/);
  });
});

function kmsAnswer(key: KeyObject): KmsPublicKey {
  return {
    KeySpec: 'RSA_2048',
    KeyUsage: 'SIGN_VERIFY',
    PublicKey: key.export({ format: 'der', type: 'spki' }),
  };
}

function accessDenied(): Error {
  return Object.assign(new Error('not yet'), { name: 'AccessDeniedException' });
}

/** Starts at zero, and moves only by waiting. */
function clockThatMoves() {
  let time = 0;
  return {
    now: () => time,
    wait: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

function buildEvent(type: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent {
  const common = {
    ServiceToken: 'arn',
    ResponseURL: 'https://cloudformation.example/answer',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'PublishedKey',
    ResourceType: 'Custom::PublishedKey',
    ResourceProperties: { ServiceToken: 'arn', KeyId: 'key-1' },
  };
  if (type === 'Create') return { ...common, RequestType: type };
  if (type === 'Delete') return { ...common, RequestType: type, PhysicalResourceId: 'key-0' };
  return {
    ...common,
    RequestType: type,
    PhysicalResourceId: 'key-0',
    OldResourceProperties: { ServiceToken: 'arn', KeyId: 'key-0' },
  };
}
