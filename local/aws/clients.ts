import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';

/**
 * The access key of the local environment. With external endpoints the functions use it as well, because DynamoDB Local
 * has a database for each access key.
 */
export const localAccessKeyId = 'local';

const credentials = { accessKeyId: localAccessKeyId, secretAccessKey: 'local' };

export function createDynamoDbClient(endpoint: string, region: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials });
}

export async function createKmsClient(endpoint: string, region: string): Promise<KMSClient> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  return new KMSClient({ endpoint, region, credentials });
}
