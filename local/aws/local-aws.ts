import type { Cleanup } from '../cleanup.ts';
import { startEmbeddedDynamoDb } from '../dynamodb/embedded-dynamodb.ts';
import { TableResources } from '../dynamodb/table-resource.ts';
import type { EndpointUrls } from '../functions/function-resource.ts';
import { AccessControl } from '../iam/access-control.ts';
import { startEmbeddedKms } from '../kms/embedded-kms.ts';
import { type KeyMaker, keyResourceHandlers } from '../kms/key-resource.ts';
import { KeyStore } from '../kms/key-store.ts';
import type { ResourceHandlers } from '../template/create-stack.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import type { AwsCall } from './aws-call.ts';
import { type AwsEndpoint, startUnknownServices } from './aws-endpoint.ts';
import { createDynamoDbClient, createKmsClient } from './clients.ts';

export interface LocalAwsOptions {
  readonly stack: StackIdentity;
  /** Use the DynamoDB at this URL. @default an embedded one */
  readonly dynamodbUrl?: string | undefined;
  /** Use the KMS at this URL. @default an embedded one */
  readonly kmsUrl?: string | undefined;
  /** Called with every call to an embedded service. */
  readonly onCall: (call: AwsCall) => void;
  /** Called with the message of AWS for every call that a function's role does not allow. */
  readonly onRefusal?: ((message: string) => void) | undefined;
  readonly cleanup: Cleanup;
}

/** The AWS services of an environment. */
export interface LocalAws {
  readonly dynamodb: AwsEndpoint;
  readonly kms: AwsEndpoint;
  readonly tables: TableResources;
  /** Empty when the keys are in an external KMS. */
  readonly keys: KeyStore;
  readonly keyHandlers: ResourceHandlers;
  /** What the functions' roles allow. External services cannot identify the functions, and refuse nothing. */
  readonly access: AccessControl;
  readonly endpoints: EndpointUrls;
}

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { stack, dynamodbUrl, kmsUrl, onCall, onRefusal, cleanup } = options;
  const keys = new KeyStore(stack);
  const access = new AccessControl(stack, {
    findTable: (name) => tables.find(name),
    findKeyArn: (reference) => keys.lookUp(reference)?.arn,
  });
  const refuse = (call: AwsCall) => {
    const message = access.refuse(call);
    if (message !== undefined) onRefusal?.(message);
    return message;
  };
  const [dynamodb, kms, others] = await Promise.all([
    dynamodbUrl === undefined ? startEmbeddedDynamoDb(onCall, refuse) : describeExternal(dynamodbUrl),
    kmsUrl === undefined ? startEmbeddedKms(keys, onCall, refuse) : describeExternal(kmsUrl),
    startUnknownServices(onCall, refuse),
  ]);
  for (const endpoint of [dynamodb, kms, others]) cleanup.add(() => endpoint.close());
  const client = createDynamoDbClient(dynamodb.url, stack.region);
  cleanup.add(() => client.destroy());
  const tables = new TableResources(client);
  if (dynamodbUrl !== undefined) cleanup.add(() => tables.deleteAll());
  return {
    dynamodb,
    kms,
    tables,
    keys,
    access,
    keyHandlers: keyResourceHandlers(
      kmsUrl === undefined ? keys : await externalKeyMaker(kmsUrl, stack.region, cleanup),
      access,
    ),
    endpoints: { dynamodb: dynamodb.url, kms: kms.url, others: others.url },
  };
}

/** A service that is not ours: it cannot be made to misbehave, and is not closed. */
function describeExternal(url: string): AwsEndpoint {
  return {
    url,
    injectFault: () => {
      throw new Error(`faults can be injected into an embedded service only, not into ${url}`);
    },
    close: async () => {},
  };
}

async function externalKeyMaker(url: string, region: string, cleanup: Cleanup): Promise<KeyMaker> {
  // Loaded only when it is needed: the start should be quick.
  const { ExternalKms } = await import('../kms/external-kms.ts');
  const client = await createKmsClient(url, region);
  const kms = new ExternalKms(client);
  cleanup.add(() => client.destroy());
  cleanup.add(() => kms.deleteAll());
  return kms;
}
