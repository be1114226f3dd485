import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { answer, documentOf, jwksBody } from '../../../support/provider-documents.ts';
import { TestClock } from '../../../support/test-clock.ts';
import { jwksUrl, newKey, type StoredDocuments, startWithStoredDocuments } from './stored-documents.ts';

let clock: StoredDocuments['clock'];
let store: StoredDocuments['store'];
let provider: StoredDocuments['provider'];
let documentsOf: StoredDocuments['documentsOf'];
let providerKeysOf: StoredDocuments['providerKeysOf'];
let keysOf: StoredDocuments['keysOf'];

beforeEach(async () => {
  ({ clock, store, provider, documentsOf, providerKeysOf, keysOf } = await startWithStoredDocuments());
});

test('the keys of a document are imported once, as long as its text is the same', async () => {
  const keys = providerKeysOf();
  const imported = new Set<unknown>();
  const see = () => keys.validate('x', async (found) => imported.add(found));
  await see();
  await see();
  expect(imported.size).toBe(1);
  await store.put(documentOf('jwks', jwksBody(newKey), clock.now()));
  clock.advance(60_000);
  await see();
  expect(imported.size).toBe(2);
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

  test('is fetched with the time and the freshness that the schedule goes by, and stored before it is used', async () => {
    provider.answers.set(jwksUrl, answer(jwksBody(newKey), 200, { 'cache-control': 'max-age=600' }));
    clock.advance(5_000);
    store.putLate();
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
    const keys = providerKeysOf();
    for (const error of [new TypeError('test'), new RelyingPartyError('id_token_expired', 'test')]) {
      await expect(keys.validate('x', () => Promise.reject(error))).rejects.toBe(error);
    }
    expect(provider.requests).toHaveLength(0);
  });

  test('costs one request in thirty seconds, over all instances', async () => {
    await Promise.all(Array.from({ length: 100 }, () => keysOf().has('nonsense')));
    expect(provider.requests).toHaveLength(1);
    clock.advance(30_000);
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

  test('is waited for only once in thirty seconds by an instance that waits in vain', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    const keys = keysOf();
    await keys.has('nonsense');
    const [began, reads] = [clock.now(), store.reads];
    for (let flood = 0; flood < 10; flood += 1) expect(await keys.has('nonsense')).toBe(false);
    expect(clock.now()).toBe(began);
    expect(store.reads - reads).toBe(10);
    await store.put(documentOf('jwks', jwksBody(newKey), clock.now()));
    expect(await keys.has('new')).toBe(true);
    clock.advance(29_999);
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    await keys.has('nonsense');
    expect(clock.now()).toBe(began + 29_999);
    clock.advance(1);
    await keys.has('nonsense');
    expect(clock.now()).toBe(began + 32_000);
  });

  test.each([
    ['unavailable', answer('down', 500), 'provider_document_unavailable'],
    ['not valid', answer('{"keys":[]}'), 'provider_jwks_invalid'],
    [
      'unreachable',
      () => Promise.reject(new RelyingPartyError('provider_unreachable', 'down')),
      'provider_unreachable',
    ],
  ])('is fetched again two seconds after the document was %s', async (_, failure, code) => {
    provider.answers.set(jwksUrl, failure);
    await expect(keysOf().validate('new')).rejects.toMatchObject({ code });
    provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
    clock.advance(2_000);
    expect(await keysOf().validate('new')).toBe(true);
    expect(provider.requests).toHaveLength(2);
  });

  test('is fetched soon after a request whose time was over before it was fetched', async () => {
    const request = new AbortController();
    const over = new RelyingPartyError('deadline_exceeded', 'test');
    const send = provider.send.bind(provider);
    provider.send = () => {
      request.abort(over);
      return Promise.reject(over);
    };
    const unknown = () => Promise.reject(new RelyingPartyError('id_token_key_unknown', 'test'));
    await expect(providerKeysOf().withSignal(request.signal).validate('x', unknown)).rejects.toBe(over);
    provider.send = send;
    clock.advance(2_000);
    expect(await keysOf().validate('new')).toBe(true);
  });

  test('is fetched by those who waited for a refresh that failed', async () => {
    provider.answers.set(jwksUrl, answer('down', 500));
    await expect(keysOf().validate('new')).rejects.toThrow();
    provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
    expect(await keysOf().validate('new')).toBe(true);
  });

  test('is unavailable, and not unknown, for whoever could not look it up', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    const keys = keysOf();
    const unavailable = { code: 'provider_document_unavailable' };
    await expect(keys.validate('new')).rejects.toMatchObject(unavailable);
    await expect(keys.validate('new')).rejects.toMatchObject(unavailable);
  });

  test('is unknown at once when the stored document is younger than the claim', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    clock.advance(1);
    await store.put(documentOf('jwks', jwksBody(newKey), clock.now()));
    const began = clock.now();
    await expect(keysOf().validate('nonsense')).rejects.toMatchObject({ code: 'id_token_key_unknown' });
    expect(clock.now()).toBe(began);
    expect(provider.requests).toHaveLength(0);
  });

  test('is unknown as soon as the refresh that it waits for does not bring it', async () => {
    await store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
    const began = clock.now();
    const wait = clock.wait.bind(clock);
    clock.wait = async (milliseconds) => {
      await wait(milliseconds);
      await store.put(documentOf('jwks', jwksBody(newKey), clock.now()));
    };
    await expect(keysOf().validate('nonsense')).rejects.toMatchObject({ code: 'id_token_key_unknown' });
    expect(clock.now() - began).toBe(200);
  });

  test('is used when it was fetched and could not be stored, and others fetch it soon', async () => {
    const put = store.put.bind(store);
    store.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect(await keysOf().validate('new')).toBe(true);
    store.put = put;
    clock.advance(2_000);
    expect(await keysOf().validate('new')).toBe(true);
    expect(provider.requests).toHaveLength(2);
  });

  test('does not replace the stored keys by an answer that is not valid', async () => {
    provider.answers.set(jwksUrl, answer('{"keys":[]}'));
    await expect(keysOf().validate('new')).rejects.toMatchObject({ code: 'provider_jwks_invalid' });
    expect(await keysOf().has('old')).toBe(true);
  });
});
