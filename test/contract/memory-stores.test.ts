import { MemoryLoginAttemptStore } from '../support/memory/login-attempt-store.ts';
import { MemoryProviderDocumentStore } from '../support/memory/provider-document-store.ts';
import { MemorySessionStore } from '../support/memory/session-store.ts';
import { describeAbortableStores } from './abortable.contract.ts';
import { describeLoginAttemptStore } from './login-attempt-store.contract.ts';
import { describeProviderDocumentStore } from './provider-document-store.contract.ts';
import { describeSessionStore } from './session-store.contract.ts';

const attempts = new MemoryLoginAttemptStore();
const sessions = new MemorySessionStore();

describeLoginAttemptStore('MemoryLoginAttemptStore', () => attempts);
describeSessionStore('MemorySessionStore', () => sessions);
describeProviderDocumentStore('MemoryProviderDocumentStore', async () => new MemoryProviderDocumentStore());
describeAbortableStores('A store in memory', () => ({
  attempts,
  sessions,
  documents: new MemoryProviderDocumentStore(),
}));
