/**
 * Runs the embedded AWS services in a thread of their own. Its owner decides what functions are allowed, and makes the keys.
 */
import { parentPort } from 'node:worker_threads';
import { listAccessRequests } from '../iam/access-requests.ts';
import { KeyStore, type KmsKey } from '../kms/key-store.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import { connect } from '../threads/peer.ts';
import type { AwsCall } from './aws-call.ts';
import { type Endpoints, type EndpointsOptions, startEndpoints } from './endpoints.ts';

/** What the thread can call. */
export type AwsThreadOwner = {
  readonly refuse: (call: AwsCall) => string | undefined;
  /** Called with every call to a service that is not embedded. */
  readonly onCall: (call: AwsCall) => void;
};

/** What its owner can call. */
export type AwsThread = typeof functions;

let keys: KeyStore | undefined;
/** What the owner has allowed since the permissions last changed. */
const allowed = new Set<string>();

const functions = {
  start: async (
    stack: StackIdentity,
    options: Pick<EndpointsOptions, 'dynamodbUrl' | 'tablesPath' | 'kmsUrl'>,
  ): Promise<Record<keyof Endpoints, string>> => {
    keys = new KeyStore(stack);
    const { dynamodb, kms, others } = await startEndpoints({ ...options, keys, onCall, refuse });
    return { dynamodb: dynamodb.url, kms: kms.url, others: others.url };
  },
  addKey: (key: KmsKey) => keys?.add(key),
  addAlias: (name: string, keyId: string) => keys?.addAlias(name, keyId),
  forgetPermissions: () => allowed.clear(),
};

const call = connect<AwsThreadOwner>(parentPort, functions);

function onCall(received: AwsCall): void {
  if (received.service !== 'dynamodb' && received.service !== 'kms') void call('onCall', received);
}

async function refuse(received: AwsCall): Promise<string | undefined> {
  const requests = listAccessRequests(received, {
    region: '',
    findTable: (name) => ({ arn: name }),
    findKeyArn: (reference) => reference,
  });
  const id = JSON.stringify([received.caller, requests]);
  if (allowed.has(id)) return undefined;
  const message = await call('refuse', received);
  if (message === undefined) allowed.add(id);
  return message;
}
