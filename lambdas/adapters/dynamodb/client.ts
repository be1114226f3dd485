import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AwsTimeouts, awsClientOptions } from '../aws-client-options.ts';

/**
 * A DynamoDB client that gives up in time. One per instance of a function: it holds the connections.
 *
 * @param timeouts in milliseconds; @default 1 s to connect, 2 s to answer, each of two tries
 */
export function createDynamoDbClient(timeouts?: AwsTimeouts): DynamoDBClient {
  return new DynamoDBClient(awsClientOptions(timeouts));
}
