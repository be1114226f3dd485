import { MemoryLoginAttemptStore } from '../support/memory/login-attempt-store.ts';
import { MemoryPlaceStore } from '../support/memory/place-store.ts';
import { MemoryProviderDocumentStore } from '../support/memory/provider-document-store.ts';
import { MemorySessionStore } from '../support/memory/session-store.ts';
import { describeAbortableStores } from './abortable.contract.ts';
import { describeLoginAttemptStore } from './login-attempt-store.contract.ts';
import { describePlaceStore } from './place-store.contract.ts';
import { describeProviderDocumentStore } from './provider-document-store.contract.ts';
import { describeSessionStore } from './session-store.contract.ts';

const attempts = new MemoryLoginAttemptStore();
const sessions = new MemorySessionStore();
const places = new MemoryPlaceStore();

describeLoginAttemptStore('MemoryLoginAttemptStore', () => attempts);
describePlaceStore('MemoryPlaceStore', () => places);
describeSessionStore('MemorySessionStore', () => sessions);
describeProviderDocumentStore('MemoryProviderDocumentStore', async () => new MemoryProviderDocumentStore());
describeAbortableStores('A store in memory', () => ({
  attempts,
  sessions,
  places,
  documents: new MemoryProviderDocumentStore(),
}));
