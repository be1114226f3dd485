import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { createKmsClient } from '../adapters/kms/client.ts';
import { GetPublicKeyCommand } from '../adapters/kms/commands.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { handleCustomResource } from '../custom-resource/handle-custom-resource.ts';
import { publish } from './handler.ts';

const kms = createKmsClient();
const getPublicKey = (keyId: string) => kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
const clock = new SystemClock();

/** Called by CloudFormation, once per published signing key. */
export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> =>
  handleCustomResource(event, (received) => publish({ getPublicKey, clock }, received));
