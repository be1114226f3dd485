import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { answer, buildDocument, jwksBody } from '../../../support/provider-documents.ts';
import { TestClock } from '../../../support/test-clock.ts';
import {
  clock,
  createKeys,
  jwksUrl,
  newKey,
  provider,
  startWithStoredDocuments,
  store,
} from './stored-documents.ts';

beforeEach(startWithStoredDocuments);

const isUnavailable = { code: 'provider_document_unavailable' };
const takeBudget = () => store.claimRefresh('jwks', 'callback', clock.now(), 30_000);
const storeNewKey = (fetchedAt: number) => store.put(buildDocument('jwks', jwksBody(newKey), fetchedAt));

describe('a key source', () => {
  test('imports the keys of a document once, as long as its text is the same', async () => {
    const keys = createKeys();
    const first = await keys.findKey('old');
    expect(first).toBeDefined();
    expect(await keys.findKey('old')).toBe(first);
    clock.advance(60_000);
    await store.put(buildDocument('jwks', `${(await store.readAll())[1]?.body} `, clock.now()));
    expect(await keys.findKey('old')).not.toBe(first);
  });

  test('finds an unknown key in the table when a refresh has brought it since', async () => {
    const keys = createKeys();
    await keys.findKey('old');
    await storeNewKey(clock.now() + 1);
    expect(await keys.findKey('new')).toBeDefined();
    expect(provider.requests).toHaveLength(0);
  });

  // id: unknown-key-fetched
  test('fetches an unknown key from the provider at once and stores it for everybody', async () => {
    expect(await createKeys().findKey('new')).toBeDefined();
    expect(provider.requests.map(({ url }) => url)).toEqual([jwksUrl]);
    expect(await createKeys().findKey('new')).toBeDefined();
    expect(provider.requests).toHaveLength(1);
  });

  test('stores what it fetched, with its freshness, before it is used', async () => {
    provider.answers.set(jwksUrl, answer(jwksBody(newKey), 200, { 'cache-control': 'max-age=600' }));
    clock.advance(5_000);
    store.putLate();
    await createKeys().findKey('new');
    const jwks = (await store.readAll()).find(({ name }) => name === 'jwks');
    expect(jwks).toMatchObject({ fetchedAt: clock.now(), freshUntil: clock.now() + 600_000 });
  });

  test('forgets removed keys at once when it fetches the document', async () => {
    provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
    const keys = createKeys();
    expect(await keys.findKey('old')).toBeDefined();
    expect(await keys.findKey('new')).toBeDefined();
    await expect(keys.findKey('old')).rejects.toMatchObject(isUnavailable);
  });

  // id: unknown-key-fetch-limited
  test('sends one request for unknown keys in thirty seconds, over all instances', async () => {
    const findNonsense = () =>
      createKeys()
        .findKey('nonsense')
        .catch(() => undefined);
    await Promise.all(Array.from({ length: 100 }, findNonsense));
    expect(provider.requests).toHaveLength(1);
    clock.advance(30_000);
    await findNonsense();
    expect(provider.requests).toHaveLength(2);
  });

  test('waits for the refresh of another instance', async () => {
    await takeBudget();
    const waiting = new TestClock(clock.now());
    const wait = waiting.wait.bind(waiting);
    let waits = 0;
    waiting.wait = async (milliseconds) => {
      await wait(milliseconds);
      waits += 1;
      if (waits === 3) await storeNewKey(waiting.now());
    };
    expect(await createKeys(waiting).findKey('new')).toBeDefined();
    expect(waits).toBe(3);
    expect(provider.requests).toHaveLength(0);
  });

  // id: one-instance-fetches
  test('waits for the refresh of another instance for two seconds, and once in thirty seconds', async () => {
    await takeBudget();
    const keys = createKeys();
    const took = clock.now();
    await expect(keys.findKey('nonsense')).rejects.toMatchObject(isUnavailable);
    const [began, reads] = [clock.now(), store.reads];
    expect(began - took).toBe(2_000);
    for (let flood = 0; flood < 10; flood += 1) {
      await expect(keys.findKey('nonsense')).rejects.toMatchObject(isUnavailable);
    }
    expect(clock.now()).toBe(began);
    expect(store.reads - reads).toBe(10);
    await storeNewKey(clock.now());
    expect(await keys.findKey('new')).toBeDefined();
    clock.advance(29_999);
    await takeBudget();
    await expect(keys.findKey('nonsense')).rejects.toMatchObject(isUnavailable);
    expect(clock.now()).toBe(began + 29_999);
    clock.advance(1);
    await expect(keys.findKey('nonsense')).rejects.toMatchObject(isUnavailable);
    expect(clock.now()).toBe(began + 32_000);
  });

  // id: broken-document-keeps-keys
  test.each([
    ['was unavailable', answer('down', 500), 'provider_document_unavailable'],
    ['was not valid', answer('{"keys":[]}'), 'provider_jwks_invalid'],
    [
      'could not be reached',
      () => Promise.reject(new RelyingPartyError('provider_unreachable', 'down')),
      'provider_unreachable',
    ],
  ])(
    'keeps the stored keys and fetches again after two seconds when the document %s',
    async (_, failure, code) => {
      provider.answers.set(jwksUrl, failure);
      await expect(createKeys().findKey('new')).rejects.toMatchObject({ code });
      expect(await createKeys().findKey('old')).toBeDefined();
      provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
      clock.advance(2_000);
      expect(await createKeys().findKey('new')).toBeDefined();
      expect(provider.requests).toHaveLength(2);
    },
  );

  test('fetches again after two seconds when the time of the first request was over', async () => {
    const request = new AbortController();
    const over = new RelyingPartyError('deadline_exceeded', 'test');
    const send = provider.send.bind(provider);
    provider.send = () => {
      request.abort(over);
      return Promise.reject(over);
    };
    await expect(createKeys().withSignal(request.signal).findKey('new')).rejects.toBe(over);
    provider.send = send;
    clock.advance(2_000);
    expect(await createKeys().findKey('new')).toBeDefined();
  });

  test('fetches an unknown key itself when the refresh that it waited for failed, and not within a second', async () => {
    provider.answers.set(jwksUrl, answer('down', 500));
    await expect(createKeys().findKey('new')).rejects.toMatchObject(isUnavailable);
    const failedAt = clock.now();
    provider.answers.set(jwksUrl, answer(jwksBody(newKey)));
    expect(await createKeys().findKey('new')).toBeDefined();
    expect(clock.now() - failedAt).toBeGreaterThanOrEqual(1_000);
  });

  test('finds no key, at once, when the stored document is younger than the last refresh', async () => {
    await takeBudget();
    clock.advance(1);
    await storeNewKey(clock.now());
    const began = clock.now();
    expect(await createKeys().findKey('nonsense')).toBeUndefined();
    expect(clock.now()).toBe(began);
    expect(provider.requests).toHaveLength(0);
  });

  test('finds no key as soon as the refresh that it waits for does not bring it', async () => {
    await takeBudget();
    const began = clock.now();
    const wait = clock.wait.bind(clock);
    clock.wait = async (milliseconds) => {
      await wait(milliseconds);
      await storeNewKey(clock.now());
    };
    expect(await createKeys().findKey('nonsense')).toBeUndefined();
    expect(clock.now() - began).toBe(200);
  });

  test('uses keys that were fetched and could not be stored, and others fetch them soon', async () => {
    const put = store.put.bind(store);
    store.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    expect(await createKeys().findKey('new')).toBeDefined();
    store.put = put;
    clock.advance(2_000);
    expect(await createKeys().findKey('new')).toBeDefined();
    expect(provider.requests).toHaveLength(2);
  });
});
