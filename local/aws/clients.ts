import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';

/**
 * The access key of the local environment itself. Endpoints elsewhere get it from functions, too: DynamoDB Local
 * keeps a database per access key.
 */
export const ownAccessKeyId = 'local';

const credentials = { accessKeyId: ownAccessKeyId, secretAccessKey: 'local' };

export function createDynamoDbClient(endpoint: string, region: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials });
}

export async function createKmsClient(endpoint: string, region: string): Promise<KMSClient> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  return new KMSClient({ endpoint, region, credentials });
}
