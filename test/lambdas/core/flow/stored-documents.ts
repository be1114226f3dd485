import { ProviderDocumentCache } from '../../../../lambdas/core/flow/provider-document-cache.ts';
import { ProviderKeySource } from '../../../../lambdas/core/flow/provider-key-source.ts';
import { jwksDocument } from '../../../../lambdas/core/one-login/jwks.ts';
import type { ProviderDocument } from '../../../../lambdas/core/ports.ts';
import { MemoryProviderDocumentStore } from '../../../support/memory/provider-document-store.ts';
import {
  answer,
  buildDocument,
  createProviderSigningKey,
  discoveryBody,
  FakeProvider,
  issuer,
  jwksBody,
} from '../../../support/provider-documents.ts';
import { TestClock } from '../../../support/test-clock.ts';

export const oldKey = createProviderSigningKey('old');
export const newKey = createProviderSigningKey('new');
export const jwksUrl = `${issuer}.well-known/jwks.json`;
export const discoveryUrl = `${issuer}.well-known/openid-configuration`;

class CountingStore extends MemoryProviderDocumentStore {
  reads = 0;
  override readAll() {
    this.reads += 1;
    return super.readAll();
  }

  /** From now on a document is there only a while after it was put. */
  putLate(): void {
    this.put = async (document: ProviderDocument) => {
      await new Promise(setImmediate);
      return super.put(document);
    };
  }
}

/** The table of the current test, with an old key set in it, and a provider that has a newer one. */
export let clock: TestClock;
export let store: CountingStore;
export let provider: FakeProvider;

export async function startWithStoredDocuments(): Promise<void> {
  clock = new TestClock();
  store = new CountingStore();
  provider = new FakeProvider({
    [jwksUrl]: answer(jwksBody(oldKey, newKey)),
    [discoveryUrl]: answer(discoveryBody),
  });
  await store.put(buildDocument('discovery', discoveryBody, clock.now()));
  await store.put(buildDocument('jwks', jwksBody(oldKey), clock.now()));
}

/** The documents of another instance. */
export function createCache(at: TestClock = clock) {
  return new ProviderDocumentCache({ store, clock: at, issuer });
}

/** The keys of another instance. */
export function createKeys(at: TestClock = clock) {
  const documents = createCache(at);
  const options = { document: jwksDocument, store, client: provider, budget: 'callback' } as const;
  return new ProviderKeySource({ ...options, documents, clock: at });
}
