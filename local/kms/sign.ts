import { createHash } from 'node:crypto';
import type { KeyStore, KmsKey } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { signDigestPkcs1 } from './rsa-pkcs1.ts';
import { signDigestPss } from './rsa-pss.ts';

interface SigningAlgorithm {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly digestLength: number;
  readonly sign: typeof signDigestPss;
}

const signingAlgorithms: Readonly<Record<string, SigningAlgorithm>> = {
  RSASSA_PSS_SHA_256: { hash: 'sha256', digestLength: 32, sign: signDigestPss },
  RSASSA_PSS_SHA_384: { hash: 'sha384', digestLength: 48, sign: signDigestPss },
  RSASSA_PSS_SHA_512: { hash: 'sha512', digestLength: 64, sign: signDigestPss },
  RSASSA_PKCS1_V1_5_SHA_256: { hash: 'sha256', digestLength: 32, sign: signDigestPkcs1 },
  RSASSA_PKCS1_V1_5_SHA_384: { hash: 'sha384', digestLength: 48, sign: signDigestPkcs1 },
  RSASSA_PKCS1_V1_5_SHA_512: { hash: 'sha512', digestLength: 64, sign: signDigestPkcs1 },
};

/** The signing algorithms of an RSA key. */
export const rsaSigningAlgorithms: readonly string[] = Object.keys(signingAlgorithms);

/** Algorithms of keys that this KMS does not make: KMS knows the names and refuses them for an RSA key. */
const otherAlgorithms = ['ECDSA_SHA_256', 'ECDSA_SHA_384', 'ECDSA_SHA_512', 'SM2DSA'];

/** The most bytes that KMS hashes itself; of anything longer it wants the digest. */
const maxMessageLength = 4096;

/**
 * Sign. The input has been parsed from JSON and is not trusted: KMS's clients can send anything.
 *
 * @throws KmsError as KMS would answer
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export function sign(keys: KeyStore, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { messageType, message, algorithmName } = validateInput(input);
  const key = keys.find(String(input['KeyId']));
  requireUsable(key);
  const { pair } = key;
  if (key.usage !== 'SIGN_VERIFY' || !pair) {
    throw new KmsError(
      'InvalidKeyUsageException',
      `${key.arn} key usage is ${key.usage} which is not valid for Sign.`,
    );
  }
  const algorithm = signingAlgorithms[algorithmName];
  if (!algorithm) {
    const problem = `Algorithm ${algorithmName} is incompatible with key spec ${key.spec}.`;
    throw new KmsError('InvalidKeyUsageException', problem);
  }
  if (messageType === 'DIGEST' && message.length !== algorithm.digestLength) {
    throw new KmsError('ValidationException', `Digest is invalid length for algorithm ${algorithmName}.`);
  }
  const digest = messageType === 'DIGEST' ? message : createHash(algorithm.hash).update(message).digest();
  const signature = algorithm.sign(pair.privateKey, algorithm.hash, digest);
  return { KeyId: key.arn, Signature: signature.toString('base64'), SigningAlgorithm: algorithmName };
}

/** @throws KmsError when the key's state forbids cryptographic operations */
export function requireUsable(key: KmsKey): void {
  if (key.state === 'Disabled') throw new KmsError('DisabledException', `${key.arn} is disabled.`);
  if (key.state === 'PendingDeletion')
    throw new KmsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
}

function validateInput(input: Readonly<Record<string, unknown>>) {
  const {
    KeyId: keyId,
    Message: text,
    MessageType: messageType = 'RAW',
    SigningAlgorithm: algorithmName,
  } = input;
  const message = Buffer.from(typeof text === 'string' ? text : '', 'base64');
  const algorithms = [...rsaSigningAlgorithms, ...otherAlgorithms];
  const problems = [
    ...(typeof keyId === 'string' && keyId !== '' ? [] : [constraint('keyId', 'Member must not be null')]),
    ...(message.length >= 1
      ? []
      : [constraint('message', 'Member must have length greater than or equal to 1')]),
    ...(message.length <= maxMessageLength
      ? []
      : [constraint('message', `Member must have length less than or equal to ${maxMessageLength}`)]),
    ...(messageType === 'RAW' || messageType === 'DIGEST'
      ? []
      : [constraint('messageType', 'Member must satisfy enum value set: [RAW, DIGEST]')]),
    ...(typeof algorithmName === 'string' && algorithms.includes(algorithmName)
      ? []
      : [constraint('signingAlgorithm', `Member must satisfy enum value set: [${algorithms.join(', ')}]`)]),
  ];
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
    throw new KmsError('ValidationException', `${count} detected: ${problems.join('; ')}`);
  }
  return { messageType, message, algorithmName: String(algorithmName) };
}

function constraint(member: string, rule: string): string {
  return `Value at '${member}' failed to satisfy constraint: ${rule}`;
}
