import { MemoryProviderDocumentStore } from '../../../../lambdas/adapters/memory/provider-document-store.ts';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { ProviderDocuments } from '../../../../lambdas/core/flow/provider-documents.ts';
import { jwksDocument, ProviderKeys } from '../../../../lambdas/core/flow/provider-keys.ts';
import type { ProviderDocument } from '../../../../lambdas/core/ports.ts';
import {
  answer,
  createProviderSigningKey,
  discoveryBody,
  documentOf,
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
  await store.put(documentOf('discovery', discoveryBody, clock.now()));
  await store.put(documentOf('jwks', jwksBody(oldKey), clock.now()));

  /** The documents of an instance of its own. */
  const documentsOf = (at: TestClock = clock) => new ProviderDocuments({ store, clock: at, issuer });

  const providerKeysOf = (documents = documentsOf(), at: TestClock = clock) =>
    new ProviderKeys({
      document: jwksDocument,
      documents,
      store,
      client: provider,
      clock: at,
      budget: 'callback',
    });

  /** Validates tokens as an instance of its own: a token is its key id, and valid if there is such a key. */
  function keysOf(documents = documentsOf(), at: TestClock = clock) {
    const keys = providerKeysOf(documents, at);
    const validate = (kid: string) =>
      keys.validate(`${Buffer.from(JSON.stringify({ kid })).toString('base64url')}.e30.x`, async (found) => {
        if (!found.has(kid)) throw new RelyingPartyError('id_token_key_unknown', 'test');
        return true;
      });
    const has = (kid: string) => validate(kid).catch(() => false);
    return { validate, has };
  }
  return { clock, store, provider, documentsOf, providerKeysOf, keysOf };
}

export type StoredDocuments = Awaited<ReturnType<typeof startWithStoredDocuments>>;
