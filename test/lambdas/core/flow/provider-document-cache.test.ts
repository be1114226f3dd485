import { beforeEach, describe, expect, test } from '@jest/globals';
import { ProviderDocumentCache } from '../../../../lambdas/core/flow/provider-document-cache.ts';
import { MemoryProviderDocumentStore } from '../../../support/memory/provider-document-store.ts';
import { buildDocument, discoveryBody, issuer } from '../../../support/provider-documents.ts';
import { clock, createCache, createKeys, startWithStoredDocuments, store } from './stored-documents.ts';

beforeEach(startWithStoredDocuments);

describe('the provider documents of an instance', () => {
  test('are read from the table once a minute', async () => {
    const documents = createCache();
    await documents.metadata();
    clock.advance(59_999);
    await documents.body('jwks');
    expect(store.reads).toBe(1);
    clock.advance(1);
    await documents.metadata();
    expect(store.reads).toBe(2);
  });

  test('are read once for callers at the same time', async () => {
    const documents = createCache();
    await Promise.all([documents.metadata(), documents.body('jwks'), documents.metadata()]);
    expect(store.reads).toBe(1);
  });

  test('are read again after a read that failed', async () => {
    const documents = createCache();
    store.readAll = () => Promise.reject(new Error('down'));
    await expect(documents.metadata()).rejects.toThrow('down');
    store.readAll = () => MemoryProviderDocumentStore.prototype.readAll.call(store);
    await expect(documents.metadata()).resolves.toMatchObject({ issuer });
  });

  test('are read from the table although one was remembered before', async () => {
    const documents = createCache();
    documents.remember(buildDocument('discovery', discoveryBody, clock.now()));
    await documents.body('jwks');
    expect(store.reads).toBe(1);
  });

  // id: stale-documents-used
  test('stay trusted when they are no longer fresh', async () => {
    clock.advance(30 * 24 * 3_600_000);
    await expect(createCache().metadata()).resolves.toMatchObject({ issuer });
    expect(await createKeys().findKey('old')).toBeDefined();
  });

  test('are parsed again when the discovery document has changed, and only then', async () => {
    const documents = createCache();
    const first = await documents.metadata();
    clock.advance(60_000);
    expect(await documents.metadata()).toBe(first);
    const changed = discoveryBody.replace(first.token_endpoint, `${first.token_endpoint}2`);
    await store.put(buildDocument('discovery', changed, clock.now()));
    clock.advance(60_000);
    expect((await documents.metadata()).token_endpoint).toBe(`${first.token_endpoint}2`);
  });

  test('that were never fetched lead to an error until the next refresh', async () => {
    const empty = new MemoryProviderDocumentStore();
    const documents = new ProviderDocumentCache({ store: empty, clock, issuer });
    await expect(documents.metadata()).rejects.toMatchObject({ code: 'provider_documents_missing' });
    await empty.put(buildDocument('discovery', discoveryBody, clock.now()));
    await expect(documents.metadata()).resolves.toMatchObject({ issuer });
  });

  // id: documents-of-other-issuer-refused
  test('of another issuer are refused', async () => {
    const other = discoveryBody.replaceAll(issuer, 'https://other.example/');
    await store.put(buildDocument('discovery', other, clock.now() + 1));
    await expect(createCache().metadata()).rejects.toMatchObject({ code: 'provider_metadata_invalid' });
  });
});
