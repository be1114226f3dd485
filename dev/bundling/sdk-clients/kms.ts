// Replaces lambdas/adapters/kms/client.ts in bundles by the CDK's defaults, see `bundleWithDefaults`.
import * as sdk from '@aws-sdk/client-kms';
import type { AwsSender } from '../../../lambdas/adapters/aws/aws-service.ts';
import { overSdk } from '../../../lambdas/adapters/aws/over-sdk.ts';

export function createKmsClient(): AwsSender<'kms'> {
  return overSdk(new sdk.KMSClient({ maxAttempts: 2 }), sdk);
}
