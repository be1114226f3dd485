import { afterAll } from '@jest/globals';
import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import { DynamoDbPlaceStore } from '../../lambdas/adapters/dynamodb/place-store.ts';
import { DynamoDbProviderDocumentStore } from '../../lambdas/adapters/dynamodb/provider-document-store.ts';
import { DynamoDbSessionStore } from '../../lambdas/adapters/dynamodb/session-store.ts';
import { describeAbortableStores } from './abortable.contract.ts';
import { startTestDatabase } from './dynalite.ts';
import { describeLoginAttemptStore } from './login-attempt-store.contract.ts';
import { describePlaceStore } from './place-store.contract.ts';
import { describeProviderDocumentStore } from './provider-document-store.contract.ts';
import { describeSessionStore } from './session-store.contract.ts';

const database = await startTestDatabase();
afterAll(() => database.stop());

describeAbortableStores('A store in DynamoDB', () => ({
  attempts: new DynamoDbLoginAttemptStore(database.client, 'login-attempts'),
  sessions: new DynamoDbSessionStore(database.client, 'sessions'),
  places: new DynamoDbPlaceStore(database.client, 'login-attempts'),
  documents: new DynamoDbProviderDocumentStore(database.client, 'provider-documents'),
}));
describeLoginAttemptStore(
  'DynamoDbLoginAttemptStore',
  () => new DynamoDbLoginAttemptStore(database.client, 'login-attempts'),
);
describePlaceStore('DynamoDbPlaceStore', () => new DynamoDbPlaceStore(database.client, 'login-attempts'));
describeSessionStore('DynamoDbSessionStore', () => new DynamoDbSessionStore(database.client, 'sessions'));
describeProviderDocumentStore('DynamoDbProviderDocumentStore', async () => {
  await database.empty('provider-documents');
  return new DynamoDbProviderDocumentStore(database.client, 'provider-documents');
});
