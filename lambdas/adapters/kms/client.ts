import { KMSClient } from '@aws-sdk/client-kms';
import { type AwsClientSettings, awsClientOptions } from '../aws-client-options.ts';

/** A KMS client that gives up in time. One per instance of a function: it holds the connections. */
export function createKmsClient(settings: AwsClientSettings = {}): KMSClient {
  const { options, connections } = awsClientOptions(settings);
  const client = new KMSClient(options);
  client.middlewareStack.add(
    (next) => (request) => {
      connections.closeStale();
      return next(request);
    },
    { step: 'deserialize', name: 'closeStaleConnections' },
  );
  return client;
}
