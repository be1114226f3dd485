import type { KeyStore, KmsKey } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { requireUsable, rsaSigningAlgorithms, sign } from './sign.ts';

type KmsOperation = (keys: KeyStore, input: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** What this KMS can do; the rest is answered with UnknownOperationException. */
export const kmsOperations: ReadonlyMap<string, KmsOperation> = new Map([
  ['Sign', sign],
  ['GetPublicKey', getPublicKey],
  ['DescribeKey', describeKey],
]);

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
function getPublicKey(keys: KeyStore, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const key = keys.find(requireKeyId(input));
  requireUsable(key);
  if (!key.pair) {
    const problem = `${key.arn} is not an asymmetric key: it has no public key.`;
    throw new KmsError('UnsupportedOperationException', problem);
  }
  return {
    KeyId: key.arn,
    PublicKey: key.pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    ...algorithmsOf(key),
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
function describeKey(keys: KeyStore, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const key = keys.find(requireKeyId(input));
  return {
    KeyMetadata: {
      AWSAccountId: key.arn.split(':')[4],
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: key.createdAt / 1000,
      Enabled: key.state === 'Enabled',
      Description: key.description,
      KeyUsage: key.usage,
      KeyState: key.state,
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      MultiRegion: false,
      ...algorithmsOf(key),
    },
  };
}

function algorithmsOf(key: KmsKey): Record<string, unknown> {
  if (key.usage === 'SIGN_VERIFY') return { SigningAlgorithms: rsaSigningAlgorithms };
  return {
    EncryptionAlgorithms: key.pair ? ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] : ['SYMMETRIC_DEFAULT'],
  };
}

function requireKeyId(input: Readonly<Record<string, unknown>>): string {
  const { KeyId: keyId } = input;
  if (typeof keyId === 'string' && keyId !== '') return keyId;
  const problem =
    "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must not be null";
  throw new KmsError('ValidationException', problem);
}
