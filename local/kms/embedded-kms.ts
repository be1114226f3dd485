import type { AwsCall } from '../aws/aws-call.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../aws/aws-endpoint.ts';
import { writeAwsJson } from '../aws/fault-injections.ts';
import type { KeyStore } from './key-store.ts';
import { KmsError } from './kms-error.ts';
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
    answer: ({ call, response }) => {
      try {
        writeAwsJson(response, 200, perform(keys, call));
      } catch (error) {
        if (!(error instanceof KmsError)) throw error;
        writeAwsJson(response, 400, { __type: error.type, message: error.message });
      }
    },
  });
}

function perform(keys: KeyStore, { action, caller, input }: AwsCall): Record<string, unknown> {
  if (caller === 'unknown') {
    throw new KmsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  const operation = kmsOperations.get(action);
  if (!operation) throw new KmsError('UnknownOperationException', `the local KMS has no ${action}`);
  if (typeof input !== 'object' || input === null) {
    throw new KmsError('SerializationException', 'the request is not a JSON object');
  }
  return operation(keys, { ...input });
}
