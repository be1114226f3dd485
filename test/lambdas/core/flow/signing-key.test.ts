import { describe, expect, test } from '@jest/globals';
import { ProviderDocumentCache } from '../../../../lambdas/core/flow/provider-document-cache.ts';
import { isSignedByCurrentKey, rememberSigningKey } from '../../../../lambdas/core/flow/signing-key.ts';
import { MemoryProviderDocumentStore } from '../../../support/memory/provider-document-store.ts';
import { issuer } from '../../../support/provider-documents.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { ecKey, idTokenClaims, signJwt } from '../one-login/example-provider.ts';

const clock = new TestClock();
function createDocuments() {
  const store = new MemoryProviderDocumentStore();
  return { store, documents: new ProviderDocumentCache({ store, clock, issuer }) };
}

describe('the key that One Login signs with', () => {
  test('is stored at the first sign-in, and again only when it has changed', async () => {
    const { store, documents } = createDocuments();
    const puts: string[] = [];
    const put = store.put.bind(store);
    store.put = (document) => {
      puts.push(document.body);
      return put(document);
    };
    for (const kid of ['first', 'first', 'second']) await rememberSigningKey({ documents, store }, kid, 1);
    expect(puts).toEqual(['first', 'second']);
  });

  test('is not the one of a hint as long as there is no JWKS', async () => {
    const { documents } = createDocuments();
    expect(await isSignedByCurrentKey(documents, await signJwt(idTokenClaims, ecKey))).toBe(false);
  });
});
