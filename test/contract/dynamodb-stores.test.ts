import { afterAll } from '@jest/globals';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbPlaceStore } from '../../lambdas/adapters/dynamodb/place-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { describeAbortableStores } from './abortable.contract.ts';
import { startTestDatabase } from './dynalite.ts';
import { describeLoginAttemptStore } from './login-attempt-store.contract.ts';
import { describePlaceStore } from './place-store.contract.ts';
import { describeProviderDocumentStore } from './provider-document-store.contract.ts';
import { describeSessionStore } from './session-store.contract.ts';

const database = await startTestDatabase();
afterAll(() => database.stop());

for (const [name, client] of [
  ['the client of the functions', database.senders.own],
  ['the AWS SDK', database.senders.sdk],
] as const) {
  const createDocuments = async () => {
    await database.empty('provider-documents');
    return new DynamoDbProviderDocumentStore(client, 'provider-documents');
  };
  await createDocuments();
  describeAbortableStores(`A store in DynamoDB over ${name}`, () => ({
    attempts: new DynamoDbLoginAttemptStore(client, 'login-attempts'),
    sessions: new DynamoDbUserSessionStore(client, 'sessions'),
    places: new DynamoDbPlaceStore(client, 'login-attempts'),
    documents: new DynamoDbProviderDocumentStore(client, 'provider-documents'),
  }));
  describeLoginAttemptStore(
    `DynamoDbLoginAttemptStore over ${name}`,
    () => new DynamoDbLoginAttemptStore(client, 'login-attempts'),
  );
  describePlaceStore(
    `DynamoDbPlaceStore over ${name}`,
    () => new DynamoDbPlaceStore(client, 'login-attempts'),
  );
  describeSessionStore(
    `DynamoDbUserSessionStore over ${name}`,
    () => new DynamoDbUserSessionStore(client, 'sessions'),
  );
  describeProviderDocumentStore(`DynamoDbProviderDocumentStore over ${name}`, createDocuments);
}
