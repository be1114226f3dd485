// Replaces lambdas/adapters/dynamodb/client.ts in bundles by the CDK's defaults, see `bundleWithDefaults`.
import * as sdk from '@aws-sdk/client-dynamodb';
import type { AwsSender } from '../../../lambdas/adapters/aws/aws-service.ts';
import { overSdk } from '../../../lambdas/adapters/aws/over-sdk.ts';

export function createDynamoDbClient(): AwsSender<'dynamodb'> {
  return overSdk(new sdk.DynamoDBClient({ maxAttempts: 2 }), sdk);
}
