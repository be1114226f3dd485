import { KMSClient } from '@aws-sdk/client-kms';
import { type AwsClientSettings, awsClientOptions, limitTries, observeTries } from '../aws-client-options.ts';

/** A KMS client that gives up in time. One per instance of a function: it holds the connections. */
export function createKmsClient(settings: AwsClientSettings = {}): KMSClient {
  const { options, connections, tryTimeout } = awsClientOptions(settings);
  const client = new KMSClient(options);
  limitTries(client.config.requestHandler, tryTimeout);
  client.middlewareStack.add(
    (next) => (request) => {
      connections.closeStale();
      return next(request);
    },
    { step: 'deserialize', name: 'closeStaleConnections' },
  );
  // After the middleware that repeats requests: each try is seen.
  client.middlewareStack.add((next) => observeTries(next, settings.onTry), {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'observeTries',
  });
  return client;
}
