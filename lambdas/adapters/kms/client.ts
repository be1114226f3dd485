import type { AwsService } from '../aws/aws-service.ts';
import { AwsClient, type AwsClientSettings } from '../aws-client.ts';

const kms: AwsService<'kms'> = {
  name: 'kms',
  target: 'TrentService',
  jsonVersion: '1.1',
  byteFields: ['Signature', 'PublicKey'],
};

export function createKmsClient(settings: AwsClientSettings = {}): AwsClient<'kms'> {
  return new AwsClient(kms, settings);
}
