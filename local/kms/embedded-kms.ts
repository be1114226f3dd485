import type { AwsCall } from '../aws/aws-call.ts';
import {
  type AwsEndpoint,
  type AwsEndpointOptions,
  startAwsEndpoint,
  writeAwsJson,
} from '../aws/aws-endpoint.ts';
import { type KeyStore, KmsError } from './key-store.ts';
import { signDigestPss } from './rsa-pss.ts';

type Fields = Readonly<Record<string, unknown>>;
type KmsOperation = (keys: KeyStore, input: Fields) => Fields;

/** The operations that the functions and `one-login keys` call; others return UnknownOperationException. */
export const kmsOperations: ReadonlyMap<string, KmsOperation> = new Map([
  ['Sign', sign],
  ['GetPublicKey', getPublicKey],
  ['DescribeKey', describeKey],
  ['ListAliases', listAliases],
  ['ListKeys', listKeys],
]);

/** KMS over its wire protocol (AWS JSON 1.1), for the keys of a store. */
export function startEmbeddedKms(
  keys: KeyStore,
  onCall: (call: AwsCall) => void,
  refuse?: AwsEndpointOptions['refuse'],
): Promise<AwsEndpoint> {
  return startAwsEndpoint({
    onCall,
    refuse,
    answer: ({ call: { action, input }, response }) => {
      try {
        const operation = kmsOperations.get(action);
        if (!operation) throw new KmsError('UnknownOperationException', `the local KMS has no ${action}`);
        writeAwsJson(response, 200, operation(keys, Object(input)));
      } catch (error) {
        if (!(error instanceof KmsError)) throw error;
        writeAwsJson(response, 400, { __type: error.type, message: error.message });
      }
    },
  });
}

const algorithm = 'RSASSA_PSS_SHA_256';

/**
 * Signs a digest by PS256 with a key that signs; other ways to sign are not understood.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
function sign(keys: KeyStore, input: Fields): Fields {
  const { KeyId: keyId, Message: message, MessageType: type, SigningAlgorithm: asked } = input;
  if (asked !== algorithm || type !== 'DIGEST') {
    throw new KmsError('ValidationException', `the local KMS signs a DIGEST by ${algorithm} only`);
  }
  const digest = Buffer.from(String(message), 'base64');
  if (digest.length !== 32) {
    throw new KmsError('ValidationException', `Digest is invalid length for algorithm ${algorithm}.`);
  }
  const { arn, pair } = findSigningKey(keys, keyId);
  const signature = signDigestPss(pair.privateKey, digest);
  return { KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm: algorithm };
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
function getPublicKey(keys: KeyStore, { KeyId: keyId }: Fields): Fields {
  const { arn, spec, pair } = findSigningKey(keys, keyId);
  return {
    KeyId: arn,
    PublicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    KeySpec: spec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [algorithm],
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
function describeKey(keys: KeyStore, { KeyId: keyId }: Fields): Fields {
  const { id, arn, spec, description, createdAt, state } = keys.find(String(keyId));
  const metadata = {
    KeyId: id,
    Arn: arn,
    KeySpec: spec,
    Description: description,
    CreationDate: createdAt / 1000,
  };
  return { KeyMetadata: { ...metadata, KeyState: state, Enabled: state === 'Enabled' } };
}

/**
 * Lists all aliases in one page: there are fewer than KMS returns in its first page.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
 */
function listAliases({ aliases }: KeyStore): Fields {
  return {
    Aliases: aliases.map(({ name, arn, keyId, createdAt }) => ({
      AliasName: name,
      AliasArn: arn,
      TargetKeyId: keyId,
      CreationDate: createdAt / 1000,
    })),
    Truncated: false,
  };
}

/**
 * Lists all keys in one page.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html
 */
function listKeys({ keys }: KeyStore): Fields {
  return { Keys: keys.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), Truncated: false };
}

function findSigningKey(keys: KeyStore, keyId: unknown) {
  const { arn, spec, pair, state } = keys.find(String(keyId));
  if (state !== 'Enabled') throw new KmsError('KMSInvalidStateException', `${arn} is ${state}.`);
  if (pair) return { arn, spec, pair };
  throw new KmsError('InvalidKeyUsageException', `${arn} is not a key that signs`);
}
