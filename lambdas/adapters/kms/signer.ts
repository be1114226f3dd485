import { createHash } from 'node:crypto';
import { RelyingPartyError, readErrorName } from '../../core/errors.ts';
import type { Abortable, Signer } from '../../core/ports.ts';
import { untilAborted } from '../abortable-client.ts';
import type { AwsSender } from '../aws/aws-service.ts';
import { SignCommand } from './commands.ts';

/**
 * Signs with an RSA key that never leaves KMS. It sends the digest to KMS, because a request object may exceed the 4,096 bytes
 * that KMS accepts as a message.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export class KmsSigner implements Signer, Abortable<Signer> {
  readonly algorithm = 'PS256';
  readonly keyId: string;
  readonly #client: AwsSender<'kms'>;

  /** @param keyId the KMS key id, which is also the `kid` of the published public key */
  constructor(client: AwsSender<'kms'>, keyId: string) {
    this.#client = client;
    this.keyId = keyId;
  }

  withSignal(signal: AbortSignal): Signer {
    return new KmsSigner(untilAborted(this.#client, signal), this.keyId);
  }

  async sign(signingInput: string): Promise<Uint8Array> {
    const signature = await this.#requestSignature(
      createHash('sha256').update(signingInput, 'ascii').digest(),
    );
    if (!(signature instanceof Uint8Array))
      throw new RelyingPartyError('kms_unavailable', 'the response to Sign has no signature');
    return signature;
  }

  async #requestSignature(digest: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const { Signature: signature } = await this.#client.send(
        new SignCommand({
          KeyId: this.keyId,
          Message: digest,
          MessageType: 'DIGEST',
          SigningAlgorithm: 'RSASSA_PSS_SHA_256',
        }),
      );
      return signature;
    } catch (error) {
      if (error instanceof RelyingPartyError) throw error;
      throw new RelyingPartyError('kms_unavailable', `Sign failed: ${readErrorName(error)}`, {
        cause: error,
      });
    }
  }
}
