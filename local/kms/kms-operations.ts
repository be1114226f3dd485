import type { KeyStore, KmsKey } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { requireUsable, rsaSigningAlgorithms, sign } from './sign.ts';

type KmsOperation = (keys: KeyStore, input: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** What this KMS can do; the rest is answered with UnknownOperationException. */
export const kmsOperations: ReadonlyMap<string, KmsOperation> = new Map([
  ['Sign', sign],
  ['GetPublicKey', getPublicKey],
  ['DescribeKey', describeKey],
  ['ListAliases', listAliases],
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
    ...listAlgorithms(key),
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
      ...listAlgorithms(key),
    },
  };
}

/**
 * All of them at once, for the page size that KMS has by default is larger than what there is.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
 */
function listAliases(keys: KeyStore, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { KeyId: reference } = input;
  const keyId = typeof reference === 'string' ? keys.find(reference).id : undefined;
  const aliases = keys.aliases.filter((alias) => keyId === undefined || alias.keyId === keyId);
  return {
    Aliases: aliases.map(({ name, arn, keyId: target, createdAt }) => ({
      AliasName: name,
      AliasArn: arn,
      TargetKeyId: target,
      CreationDate: createdAt / 1000,
      LastUpdatedDate: createdAt / 1000,
    })),
    Truncated: false,
  };
}

function listAlgorithms(key: KmsKey): Record<string, unknown> {
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
