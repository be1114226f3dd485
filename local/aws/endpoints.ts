import { startEmbeddedDynamoDb } from '../dynamodb/embedded-dynamodb.ts';
import { startEmbeddedKms } from '../kms/embedded-kms.ts';
import type { KeyStore } from '../kms/key-store.ts';
import {
  type AwsEndpoint,
  type AwsEndpointOptions,
  describeRemote,
  startUnknownServices,
} from './aws-endpoint.ts';

export interface EndpointsOptions extends Pick<AwsEndpointOptions, 'onCall' | 'refuse'> {
  readonly keys: KeyStore;
  /** Use the DynamoDB at this URL. @default an embedded one */
  readonly dynamodbUrl?: string | undefined;
  /** The empty directory of the embedded tables. @default they are in memory */
  readonly tablesPath?: string | undefined;
  /** Use the KMS at this URL. @default an embedded one */
  readonly kmsUrl?: string | undefined;
}

/** Where functions find the AWS services. */
export interface Endpoints {
  readonly dynamodb: AwsEndpoint;
  readonly kms: AwsEndpoint;
  /** Every other service. */
  readonly others: AwsEndpoint;
}

export async function startEndpoints(options: EndpointsOptions): Promise<Endpoints> {
  const { keys, dynamodbUrl, tablesPath, kmsUrl, onCall, refuse } = options;
  const [dynamodb, kms, others] = await Promise.all([
    dynamodbUrl === undefined
      ? startEmbeddedDynamoDb(onCall, refuse, tablesPath)
      : describeRemote(dynamodbUrl),
    kmsUrl === undefined ? startEmbeddedKms(keys, onCall, refuse) : describeRemote(kmsUrl),
    startUnknownServices(onCall, refuse),
  ]);
  return { dynamodb, kms, others };
}
