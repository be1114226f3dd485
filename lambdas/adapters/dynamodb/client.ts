import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AwsClientSettings, createAwsClient } from '../aws-client.ts';

export function createDynamoDbClient(settings: AwsClientSettings = {}): DynamoDBClient {
  return createAwsClient(DynamoDBClient, settings);
}
