// The DynamoDB client that a bundle by the CDK's defaults would have, see `bundleWithDefaults`.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

new DynamoDBClient();
