import { KMSClient } from '@aws-sdk/client-kms';
import { type AwsClientSettings, createAwsClient } from '../aws-client.ts';

export function createKmsClient(settings: AwsClientSettings = {}): KMSClient {
  return createAwsClient(KMSClient, settings);
}
