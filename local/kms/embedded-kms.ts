import type { AwsCall } from '../aws/aws-call.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../aws/aws-endpoint.ts';
import { writeAwsJson } from '../aws/fault-injections.ts';
import { type KeyStore, KmsError } from './key-store.ts';
import { kmsOperations } from './kms-operations.ts';

/** KMS over its wire protocol (AWS JSON 1.1), for the keys of a store. */
export function startEmbeddedKms(
  keys: KeyStore,
  onCall: (call: AwsCall) => void,
  refuse?: (call: AwsCall) => string | undefined,
): Promise<AwsEndpoint> {
  return startAwsEndpoint({
    onCall,
    refuse,
    answer: ({ call: { action, input }, response }) => {
      try {
        const operation = kmsOperations.get(action);
        if (!operation) throw new KmsError('UnknownOperationException', `the local KMS has no ${action}`);
        writeAwsJson(response, 200, operation(keys, Object(input)));
      } catch (error) {
        if (!(error instanceof KmsError)) throw error;
        writeAwsJson(response, 400, { __type: error.type, message: error.message });
      }
    },
  });
}
