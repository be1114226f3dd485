import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { createKmsClient } from '../adapters/kms/client.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { createPublishJwksHandler } from './handler.ts';

const kms = createKmsClient();

/** Called by CloudFormation, once per published signing key. */
export const handler = createPublishJwksHandler({
  getPublicKey: (keyId) => kms.send(new GetPublicKeyCommand({ KeyId: keyId })),
  clock: new SystemClock(),
});
