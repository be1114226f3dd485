import type { AwsService } from '../aws/aws-service.ts';
import { AwsClient, type AwsClientSettings } from '../aws-client.ts';

const dynamoDb: AwsService<'dynamodb'> = {
  name: 'dynamodb',
  target: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  // An attribute with that name is no string, so this is always the type of a value.
  byteFields: ['B'],
};

export function createDynamoDbClient(settings: AwsClientSettings = {}): AwsClient<'dynamodb'> {
  return new AwsClient(dynamoDb, settings);
}
