// In the place of lambdas/adapters/dynamodb/client.ts in the bundles by the CDK's defaults.
import * as sdk from '@aws-sdk/client-dynamodb';
import type { AwsSender } from '../../lambdas/adapters/aws/aws-service.ts';
import { overSdk } from '../../lambdas/adapters/aws/over-sdk.ts';

export function createDynamoDbClient(): AwsSender<'dynamodb'> {
  return overSdk(new sdk.DynamoDBClient({ maxAttempts: 2 }), sdk);
}
