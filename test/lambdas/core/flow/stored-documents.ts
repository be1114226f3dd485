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

/** A table with an old key set in it, and a provider that has a newer one. */
export async function startWithStoredDocuments() {
  const clock = new TestClock();
  const store = new CountingStore();
  const provider = new FakeProvider({
    [jwksUrl]: answer(jwksBody(oldKey, newKey)),
    [discoveryUrl]: answer(discoveryBody),
  });
  await store.put(buildDocument('discovery', discoveryBody, clock.now()));
  await store.put(buildDocument('jwks', jwksBody(oldKey), clock.now()));

  /** The documents of an instance of its own. */
  const createCache = (at: TestClock = clock) => new ProviderDocumentCache({ store, clock: at, issuer });

  /** The keys of an instance of its own. */
  const createKeys = (at: TestClock = clock) =>
    new ProviderKeySource({
      document: jwksDocument,
      documents: createCache(at),
      store,
      client: provider,
      clock: at,
      budget: 'callback',
    });
  return { clock, store, provider, createCache, createKeys };
}

export type StoredDocuments = Awaited<ReturnType<typeof startWithStoredDocuments>>;
