// The KMS client that a bundle by the CDK's defaults would have, see `bundleWithDefaults`.
import { KMSClient } from '@aws-sdk/client-kms';

new KMSClient();
