import { KMSClient } from '@aws-sdk/client-kms';
import { type AwsTimeouts, awsClientOptions } from '../aws-client-options.ts';

/**
 * A KMS client that gives up in time. One per instance of a function: it holds the connections.
 *
 * @param timeouts in milliseconds; @default 1 s to connect, 2 s to answer, each of two tries
 */
export function createKmsClient(timeouts?: AwsTimeouts): KMSClient {
  return new KMSClient(awsClientOptions(timeouts));
}
