import { constants, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Abortable, Signer } from '../../lambdas/core/ports.ts';
import { untilAborted } from './memory/until-aborted.ts';

/** Signs as KMS does, and counts. */
export class TestSigner implements Signer, Abortable<Signer> {
  readonly keyId = 'signing-key';
  readonly algorithm = 'PS256';
  signatures = 0;
  // One key for all files, see `test/synthesis/start.mjs`: to generate one takes longer than most tests.
  readonly #privateKey = createPrivateKey(process.env['TEST_SIGNING_KEY'] ?? '');

  /** The JWKS that holds the public key. */
  get jwks() {
    const jwk = createPublicKey(this.#privateKey).export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid: this.keyId, use: 'sig', alg: this.algorithm }] };
  }

  withSignal(signal: AbortSignal): Signer {
    return untilAborted(this, signal);
  }

  async sign(signingInput: string): Promise<Uint8Array> {
    this.signatures += 1;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign('sha256', Buffer.from(signingInput), { key: this.#privateKey, padding, saltLength: 32 });
  }
}
