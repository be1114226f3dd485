import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Cleanup } from '../cleanup.ts';
import { TableResources } from '../dynamodb/table-resource.ts';
import type { EndpointUrls } from '../functions/function-resource.ts';
import { AccessControl } from '../iam/access-control.ts';
import { type KeyMaker, keyResourceHandlers } from '../kms/key-resource.ts';
import { KeyStore } from '../kms/key-store.ts';
import type { ResourceHandlers } from '../template/create-stack.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import { startThread } from '../threads/start-thread.ts';
import type { AwsCall } from './aws-call.ts';
import { type AwsEndpoint, describeRemote } from './aws-endpoint.ts';
import type { AwsThread, AwsThreadOwner } from './aws-thread.ts';
import { createDynamoDbClient, createKmsClient } from './clients.ts';
import type { Endpoints, EndpointsOptions } from './endpoints.ts';

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
  /**
   * Whether the embedded services run in a thread of their own. Only calls to other services are reported then, tables
   * are on disk, and expired items are deleted.
   */
  readonly ownThread: boolean;
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

/** How often expired items are deleted, in milliseconds. Each time, dynalite copies every item, and V8 frees the copies late. */
const expiryInterval = 600_000;

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { stack, dynamodbUrl, kmsUrl, onCall, onRefusal, ownThread, cleanup } = options;
  const keys = new KeyStore(stack);
  const access = new AccessControl(
    stack,
    {
      findTable: (name) => tables.find(name),
      findKeyArn: (reference) => keys.lookUp(reference)?.arn,
    },
    () => thread?.call('forgetPermissions'),
  );
  const refuse = (call: AwsCall) => {
    const message = access.refuse(call);
    if (message !== undefined) onRefusal?.(message);
    return message;
  };
  // Comes before the thread, so that it is deleted after the thread has ended.
  const tablesPath = ownThread && dynamodbUrl === undefined ? await createDirectory(cleanup) : undefined;
  const thread = ownThread ? startAwsThread({ refuse, onCall }, cleanup) : undefined;
  const endpoints = thread
    ? await startInThread(thread, tablesPath, options)
    : await startHere({ keys, dynamodbUrl, kmsUrl, onCall, refuse }, cleanup);
  const { dynamodb, kms, others } = endpoints;
  const client = createDynamoDbClient(dynamodb.url, stack.region);
  cleanup.add(() => client.destroy());
  const tables = new TableResources(client);
  if (dynamodbUrl !== undefined) cleanup.add(() => tables.deleteAll());
  if (ownThread) deleteExpiredItems(tables, cleanup);
  return {
    dynamodb,
    kms,
    tables,
    keys,
    access,
    keyHandlers: keyResourceHandlers(
      kmsUrl === undefined
        ? createKeyMaker(keys, thread)
        : await externalKeyMaker(kmsUrl, stack.region, cleanup),
      access,
    ),
    endpoints: { dynamodb: dynamodb.url, kms: kms.url, others: others.url },
  };
}

/** For tables that fill under load: in memory they would grow with every visit until their items expire. */
async function createDirectory(cleanup: Cleanup): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), `one-login-tables-${process.pid}-`));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** DynamoDB, too, deletes late: every reader checks the expiry. What fails here is done the next time. */
function deleteExpiredItems(tables: TableResources, cleanup: Cleanup): void {
  const timer = setInterval(() => {
    tables.deleteExpired(Math.floor(Date.now() / 1000)).catch(() => {});
  }, expiryInterval).unref();
  cleanup.add(() => clearInterval(timer));
}

async function startHere(options: EndpointsOptions, cleanup: Cleanup): Promise<Endpoints> {
  // Loaded only when it is needed: the start should be quick.
  const { startEndpoints } = await import('./endpoints.ts');
  const endpoints = await startEndpoints(options);
  for (const endpoint of Object.values(endpoints)) cleanup.add(() => endpoint.close());
  return endpoints;
}

type Thread = ReturnType<typeof startThread<AwsThread>>;

function startAwsThread(owner: AwsThreadOwner, cleanup: Cleanup): Thread {
  const thread = startThread<AwsThread>(new URL('./aws-thread', import.meta.url), owner);
  cleanup.add(() => thread.end());
  return thread;
}

async function startInThread(
  thread: Thread,
  tablesPath: string | undefined,
  { stack, dynamodbUrl, kmsUrl }: LocalAwsOptions,
): Promise<Endpoints> {
  const { dynamodb, kms, others } = await thread.call('start', stack, { dynamodbUrl, tablesPath, kmsUrl });
  return { dynamodb: describeRemote(dynamodb), kms: describeRemote(kms), others: describeRemote(others) };
}

/** The thread signs with copies of the keys. */
function createKeyMaker(keys: KeyStore, thread: Thread | undefined): KeyMaker {
  if (!thread) return keys;
  return {
    create: async (spec) => {
      const key = await keys.create(spec);
      await thread.call('addKey', key);
      return key;
    },
    addAlias: async (name, keyId) => {
      keys.addAlias(name, keyId);
      await thread.call('addAlias', name, keyId);
    },
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
