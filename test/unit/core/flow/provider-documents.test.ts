import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryProviderDocumentStore } from '../../../../lambdas/adapters/memory/provider-document-store.ts';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { ProviderDocuments } from '../../../../lambdas/core/flow/provider-documents.ts';
import { jwksDocument, ProviderKeys } from '../../../../lambdas/core/flow/provider-keys.ts';
import { refreshDid, refreshDiscoveryAndJwks } from '../../../../lambdas/core/flow/refresh-documents.ts';
import {
  answer,
  createProviderSigningKey,
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  documentOf,
  FakeProvider,
  issuer,
  jwksBody,
} from '../../../support/provider-documents.ts';
import { TestClock } from '../../../support/test-clock.ts';

const oldKey = createProviderSigningKey('old');
const newKey = createProviderSigningKey('new');
const jwksUrl = `${issuer}.well-known/jwks.json`;
const discoveryUrl = `${issuer}.well-known/openid-configuration`;

class CountingStore extends MemoryProviderDocumentStore {
  reads = 0;
  override readAll() {
    this.reads += 1;
    return super.readAll();
  }
}

let clock: TestClock;
let store: CountingStore;
let provider: FakeProvider;

const documentsOf = (at: TestClock = clock) => new ProviderDocuments({ store, clock: at, issuer });

/** Validates tokens as an instance of its own: a token is its key id, and valid if there is such a key. */
function keysOf(documents = documentsOf(), at: TestClock = clock) {
  const keys = new ProviderKeys({
    document: jwksDocument,
    documents,
    store,
    client: provider,
    clock: at,
    budget: 'callback',
  });
  const validate = (kid: string) =>
    keys.validate(`${Buffer.from(JSON.stringify({ kid })).toString('base64url')}.e30.x`, async (found) => {
      if (!found.has(kid)) throw new RelyingPartyError('id_token_key_unknown', 'test');
      return true;
    });
  const has = (kid: string) => validate(kid).catch(() => false);
  return { validate, has };
}

beforeEach(async () => {
  clock = new TestClock();
  store = new CountingStore();
  provider = new FakeProvider({
    [jwksUrl]: answer(jwksBody(oldKey, newKey)),
    [discoveryUrl]: answer(discoveryBody),
  });
  await store.put(documentOf('discovery', discoveryBody, clock.now()));
  await store.put(documentOf('jwks', jwksBody(oldKey), clock.now()));
});

describe('the provider documents of an instance', () => {
  test('are read from the table once a minute', async () => {
    const documents = documentsOf();
    await documents.metadata();
    clock.advance(59_999);
    await documents.body('jwks');
    expect(store.reads).toBe(1);
    clock.advance(1);
    await documents.metadata();
    expect(store.reads).toBe(2);
  });

  test('are read once for callers at the same time', async () => {
    const documents = documentsOf();
    await Promise.all([documents.metadata(), documents.body('jwks'), documents.metadata()]);
    expect(store.reads).toBe(1);
  });

  test('are asked for again after a read that failed', async () => {
    const documents = documentsOf();
    store.readAll = () => Promise.reject(new Error('down'));
    await expect(documents.metadata()).rejects.toThrow('down');
    store.readAll = () => MemoryProviderDocumentStore.prototype.readAll.call(store);
    await expect(documents.metadata()).resolves.toMatchObject({ issuer });
  });

  test('go on being trusted when they are no longer fresh', async () => {
    clock.advance(30 * 24 * 3_600_000);
    await expect(documentsOf().metadata()).resolves.toMatchObject({ issuer });
    expect(await keysOf().has('old')).toBe(true);
  });

  test('that were never fetched are an error that the next refresh cures', async () => {
    store = new CountingStore();
    const documents = documentsOf();
    await expect(documents.metadata()).rejects.toMatchObject({ code: 'provider_documents_missing' });
    await store.put(documentOf('discovery', discoveryBody, clock.now()));
    await expect(documents.metadata()).resolves.toMatchObject({ issuer });
  });

  test('of another issuer are refused', async () => {
    const other = discoveryBody.replaceAll(issuer, 'https://other.example/');
    await store.put(documentOf('discovery', other, clock.now() + 1));
    await expect(documentsOf().metadata()).rejects.toMatchObject({ code: 'provider_metadata_invalid' });
  });
});

describe('a key id that is not among the keys', () => {
  test('is found in the table when a refresh has brought it since', async () => {
    const keys = keysOf();
    await keys.validate('old');
    await store.put(documentOf('jwks', jwksBody(newKey), clock.now() + 1));
    expect(await keys.has('new')).toBe(true);
    expect(provider.requests).toHaveLength(0);
  });

  test('is fetched from the provider at once and stored for everybody', async () => {
    expect(await keysOf().has('new')).toBe(true);
    expect(provider.requests.map(({ url }) => url)).toEqual([jwksUrl]);
    expect(await keysOf().has('new')).toBe(true);
  });

  test('is fetched with the time and the freshness that the schedule goes by', async () => {
    provider.answers.set(jwksUrl, answer(jwksBody(newKey), 200, { 'cache-control': 'max-age=600' }));
    clock.advance(5_000);
    await keysOf().validate('new');
    const jwks = (await store.readAll()).find(({ name }) => name === 'jwks');
    expect(jwks).toMatchObject({ fetchedAt: clock.now(), freshUntil: clock.now() + 600_000 });
  });

  test('makes the instance that fetched it forget the keys that are gone, at once', async () => {
    provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
    const keys = keysOf();
    expect(await keys.has('old')).toBe(true);
    expect(await keys.has('new')).toBe(true);
    expect(await keys.has('old')).toBe(false);
  });

  test('is not what every failure is taken for', async () => {
    const keys = new ProviderKeys({
      document: jwksDocument,
      documents: documentsOf(),
      store,
      client: provider,
      clock,
      budget: 'callback',
    });
    for (const error of [new TypeError('test'), new RelyingPartyError('id_token_expired', 'test')]) {
      await expect(keys.validate('x', () => Promise.reject(error))).rejects.toBe(error);
    }
    expect(provider.requests).toHaveLength(0);
  });

  test('costs one request in thirty seconds, over all instances', async () => {
    await Promise.all(Array.from({ length: 100 }, () => keysOf().has('nonsense')));
    expect(provider.requests).toHaveLength(1);
    clock = new TestClock(clock.now() + 30_000);
    await keysOf().has('nonsense');
    expect(provider.requests).toHaveLength(2);
  });

  test('is awaited by an instance that lost the race for the refresh', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    const waiting = new TestClock(clock.now());
    const wait = waiting.wait.bind(waiting);
    let waits = 0;
    waiting.wait = async (milliseconds) => {
      await wait(milliseconds);
      waits += 1;
      if (waits === 3) await store.put(documentOf('jwks', jwksBody(newKey), waiting.now()));
    };
    expect(await keysOf(documentsOf(waiting), waiting).has('new')).toBe(true);
    expect(waits).toBe(3);
    expect(provider.requests).toHaveLength(0);
  });

  test('is given up after two seconds by an instance that lost the race in vain', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    const began = clock.now();
    expect(await keysOf().has('new')).toBe(false);
    expect(clock.now() - began).toBe(2_000);
  });

  test('does not replace the stored keys by an answer that is not valid', async () => {
    provider.answers.set(jwksUrl, answer('{"keys":[]}'));
    await expect(keysOf().validate('new')).rejects.toMatchObject({ code: 'provider_jwks_invalid' });
    expect(await keysOf().has('old')).toBe(true);
  });
});

describe('the scheduled refresh', () => {
  const didProvider = { did, didDocumentUrl };
  const refresh = (options = { force: false }) =>
    refreshDiscoveryAndJwks({ store, client: provider, clock, issuer, discoveryUrl }, options);
  const refreshIdentity = (options = { force: false }) =>
    refreshDid({ store, client: provider, clock, ...didProvider }, options);
  const didKey = (name: string) => createProviderSigningKey(`${did}#${name}`);

  test('leaves fresh documents alone, and says how old they are', async () => {
    clock.advance(60_000);
    await expect(refresh()).resolves.toEqual({
      reports: [
        { document: 'discovery', age: 60_000 },
        { document: 'jwks', age: 60_000 },
      ],
    });
    expect(provider.requests).toHaveLength(0);
  });

  test('fetches documents that are due and says which keys there are now', async () => {
    clock.advance(3_000_000);
    await expect(refresh()).resolves.toEqual({
      reports: [
        { document: 'discovery', age: 0 },
        { document: 'jwks', age: 0, changedKeyIds: ['new', 'old'] },
      ],
    });
    expect(await keysOf().has('new')).toBe(true);
  });

  test('says nothing of keys that are the same as before', async () => {
    await refresh({ force: true });
    expect((await refresh({ force: true })).reports).toEqual([
      { document: 'discovery', age: 0 },
      { document: 'jwks', age: 0 },
    ]);
  });

  test('fetches at once after a deployment', async () => {
    await refresh({ force: true });
    expect(provider.requests.map(({ url }) => url)).toEqual([discoveryUrl, jwksUrl]);
  });

  test('fetches the DID document when there is none, and again when it is due', async () => {
    provider.answers.set(
      didDocumentUrl,
      answer(didBody(didKey('1')), 200, { 'cache-control': 'max-age=3600' }),
    );
    await expect(refreshIdentity()).resolves.toEqual({
      reports: [{ document: 'did', age: 0, changedKeyIds: [`${did}#1`] }],
    });
    clock.advance(3_000_000 - 1);
    await refreshIdentity();
    expect(provider.requests).toHaveLength(1);
    clock.advance(1);
    await refreshIdentity();
    expect(provider.requests).toHaveLength(2);
  });

  test('trusts a removed key for no longer than an hour, whatever the provider says', async () => {
    const forEver = { 'cache-control': 'max-age=86400' };
    provider.answers.set(jwksUrl, answer(jwksBody(oldKey, newKey), 200, forEver));
    provider.answers.set(discoveryUrl, answer(discoveryBody, 200, forEver));
    await refresh({ force: true });
    provider.answers.set(jwksUrl, answer(jwksBody(newKey), 200, forEver));
    const keys = keysOf();
    let elapsed = 0;
    // As the schedule runs it, every five minutes, with an instance that answers all the while.
    while (await keys.has('old')) {
      clock.advance(60_000);
      elapsed += 60_000;
      if (elapsed % 300_000 === 0) await refresh();
    }
    expect(elapsed).toBeLessThanOrEqual(3_600_000);
  });

  test.each([
    ['discovery of another issuer', discoveryUrl, answer(discoveryBody.replaceAll(issuer, 'https://x/'))],
    ['a discovery document that is none', discoveryUrl, answer('<html>')],
    ['an error of the discovery endpoint', discoveryUrl, answer('', 502)],
    ['a redirect', discoveryUrl, answer(discoveryBody, 302)],
    ['an empty key set', jwksUrl, answer('{"keys":[]}')],
    ['an error of the JWKS endpoint', jwksUrl, answer('', 500)],
    ['an enormous key set', jwksUrl, answer(`${jwksBody(newKey)}${' '.repeat(70_000)}`)],
  ])('keeps the last good copies after %s, and says that it failed', async (_, url, wrong) => {
    const before = await store.readAll();
    provider.answers.set(url, wrong);
    clock.advance(60_000);
    await expect(refresh({ force: true })).resolves.toMatchObject({
      reports: [{ age: 60_000 }, { age: 60_000 }],
      failure: { name: 'RelyingPartyError' },
    });
    expect(await store.readAll()).toEqual(before);
  });

  test.each([
    ['of another id', didBody(didKey('2')).replace(`"id":"${did}"`, '"id":"did:web:other.example"')],
    ['with a key that is not under it', didBody(createProviderSigningKey('did:web:other.example#1'))],
    ['without keys', didBody()],
  ])('keeps the last good DID document when it gets one %s', async (_, wrong) => {
    await store.put(documentOf('did', didBody(didKey('1')), clock.now()));
    const before = await store.readAll();
    provider.answers.set(didDocumentUrl, answer(wrong));
    await expect(refreshIdentity({ force: true })).resolves.toMatchObject({
      failure: { code: 'provider_did_document_invalid' },
    });
    expect(await store.readAll()).toEqual(before);
  });
});
