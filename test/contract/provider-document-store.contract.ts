import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ProviderDocument, ProviderDocumentStore } from '../../lambdas/core/ports.ts';

const now = 1_790_000_000_123;
const interval = 30_000;

function someDocument(overrides: Partial<ProviderDocument> = {}): ProviderDocument {
  return { name: 'jwks', body: '{"keys":[]}', fetchedAt: now, freshUntil: now + 86_400_000, ...overrides };
}

/** The contract of every {@link ProviderDocumentStore}, see `ports.ts`. Each test gets an empty store. */
export function describeProviderDocumentStore(
  name: string,
  createStore: () => Promise<ProviderDocumentStore>,
): void {
  describe(`${name} as a ProviderDocumentStore`, () => {
    let store: ProviderDocumentStore;
    beforeEach(async () => {
      store = await createStore();
    });
    describeDocuments(() => store);
    describeBudgets(() => store);
  });
}

function describeDocuments(getStore: () => ProviderDocumentStore): void {
  test('has no documents at first', async () => {
    expect(await getStore().readAll()).toEqual([]);
  });

  test('gives back all documents that were put, to the millisecond', async () => {
    const documents = [
      someDocument({ name: 'did', body: '{"id":"did:web:localhost%3A3000"}', fetchedAt: now - 1 }),
      someDocument({ name: 'discovery', body: `{"long":"${'ŵ'.repeat(50_000)}"}` }),
      someDocument({ name: 'id-token-key', body: 'kid' }),
      someDocument(),
    ];
    for (const document of documents) expect(await getStore().put(document)).toBe(true);
    const read = await getStore().readAll();
    expect([...read].sort((a, b) => a.name.localeCompare(b.name))).toEqual(documents);
  });

  test('replaces a document by one that was fetched later, or at the same time', async () => {
    await getStore().put(someDocument());
    const later = someDocument({ body: '{"keys":[1]}', fetchedAt: now + 1 });
    expect(await getStore().put(later)).toBe(true);
    expect(await getStore().put(later)).toBe(true);
    expect(await getStore().readAll()).toEqual([later]);
  });

  test('keeps a document when one that was fetched earlier comes late', async () => {
    await getStore().put(someDocument());
    expect(await getStore().put(someDocument({ body: 'old', fetchedAt: now - 1 }))).toBe(false);
    expect(await getStore().readAll()).toEqual([someDocument()]);
  });

  test('ends with the latest of many concurrent puts', async () => {
    const times = [5, 3, 9, 1, 7, 2, 8, 4, 6, 0].map((offset) => now + offset);
    await Promise.all(
      times.map((fetchedAt) => getStore().put(someDocument({ body: String(fetchedAt), fetchedAt }))),
    );
    expect(await getStore().readAll()).toEqual([someDocument({ body: String(now + 9), fetchedAt: now + 9 })]);
  });
}

function describeBudgets(getStore: () => ProviderDocumentStore): void {
  test('grants one refresh per interval', async () => {
    expect(await getStore().claimRefresh('jwks', 'callback', now, interval)).toBe(true);
    expect(await getStore().claimRefresh('jwks', 'callback', now, interval)).toBe(false);
    expect(await getStore().claimRefresh('jwks', 'callback', now + interval - 1, interval)).toBe(false);
    expect(await getStore().claimRefresh('jwks', 'callback', now + interval, interval)).toBe(true);
    expect(await getStore().claimRefresh('jwks', 'callback', now + interval + 1, interval)).toBe(false);
  });

  test('does not delay the next refresh when claims are refused', async () => {
    await getStore().claimRefresh('jwks', 'callback', now, interval);
    for (const wait of [10_000, 20_000]) {
      await getStore().claimRefresh('jwks', 'callback', now + wait, interval);
    }
    expect(await getStore().claimRefresh('jwks', 'callback', now + interval, interval)).toBe(true);
  });

  test('keeps the budgets of documents and callers apart', async () => {
    expect(await getStore().claimRefresh('jwks', 'backchannel-logout', now, interval)).toBe(true);
    expect(await getStore().claimRefresh('jwks', 'callback', now, interval)).toBe(true);
    expect(await getStore().claimRefresh('did', 'callback', now, interval)).toBe(true);
  });

  // id: refresh-claimed-once
  test('grants a refresh to exactly one of 50 concurrent claims', async () => {
    const claims = await Promise.all(
      Array.from({ length: 50 }, () => getStore().claimRefresh('jwks', 'callback', now, interval)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('returns the time of the last claim that was granted', async () => {
    expect(await getStore().refreshClaimedAt('jwks', 'callback')).toBeUndefined();
    await getStore().claimRefresh('jwks', 'callback', now, interval);
    await getStore().claimRefresh('jwks', 'callback', now + 1, interval);
    expect(await getStore().refreshClaimedAt('jwks', 'callback')).toBe(now);
    expect(await getStore().refreshClaimedAt('jwks', 'backchannel-logout')).toBeUndefined();
  });

  test('grants a claim that was released from the time it is free again, and only once', async () => {
    await getStore().claimRefresh('jwks', 'callback', now, interval);
    await getStore().releaseRefresh('jwks', 'callback', now, now + 2_000);
    expect(await getStore().claimRefresh('jwks', 'callback', now + 1_999, interval)).toBe(false);
    expect(await getStore().claimRefresh('jwks', 'callback', now + 2_000, interval)).toBe(true);
    expect(await getStore().claimRefresh('jwks', 'callback', now + 4_000, interval)).toBe(false);
  });

  test('leaves a later claim of another caller alone', async () => {
    await getStore().claimRefresh('jwks', 'callback', now, interval);
    await getStore().claimRefresh('jwks', 'callback', now + interval, interval);
    await getStore().releaseRefresh('jwks', 'callback', now, now + 2_000);
    expect(await getStore().claimRefresh('jwks', 'callback', now + interval + 1, interval)).toBe(false);
  });

  test('does not list budgets among the documents', async () => {
    await getStore().claimRefresh('jwks', 'callback', now, interval);
    expect(await getStore().readAll()).toEqual([]);
  });
}
