import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import { refreshDid, refreshDiscoveryAndJwks } from '../../../../lambdas/core/flow/refresh-documents.ts';
import {
  answer,
  buildDocument,
  createProviderSigningKey,
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  issuer,
  jwksBody,
} from '../../../support/provider-documents.ts';
import {
  clock,
  createKeys,
  discoveryUrl,
  jwksUrl,
  newKey,
  oldKey,
  provider,
  startWithStoredDocuments,
  store,
} from './stored-documents.ts';

beforeEach(startWithStoredDocuments);

describe('the scheduled refresh', () => {
  const didProvider = { did, didDocumentUrl };
  const refresh = (options = { force: false }) =>
    refreshDiscoveryAndJwks({ store, client: provider, clock, issuer, discoveryUrl }, options);
  const refreshIdentity = (options = { force: false }) =>
    refreshDid({ store, client: provider, clock, ...didProvider }, options);
  const didKey = (name: string) => createProviderSigningKey(`${did}#${name}`);

  test('leaves fresh documents alone and reports their age', async () => {
    clock.advance(60_000);
    await expect(refresh()).resolves.toEqual({
      reports: [
        { document: 'discovery', age: 60_000 },
        { document: 'jwks', age: 60_000 },
      ],
    });
    expect(provider.requests).toHaveLength(0);
  });

  test('fetches documents that are due and reports the new keys', async () => {
    clock.advance(3_000_000);
    await expect(refresh()).resolves.toEqual({
      reports: [
        { document: 'discovery', age: 0 },
        { document: 'jwks', age: 0, changedKeyIds: ['new', 'old'] },
      ],
    });
    expect(await createKeys().findKey('new')).toBeDefined();
  });

  test('stores the fetched documents, including discovery, before it reports them', async () => {
    store.putLate();
    const moved = discoveryBody.replace('/authorize', '/sign-in');
    const identityKeys = didBody(didKey('1'));
    const forTenMinutes = { 'cache-control': 'max-age=600' };
    provider.answers.set(discoveryUrl, answer(moved, 200, forTenMinutes));
    provider.answers.set(didDocumentUrl, answer(identityKeys, 200, forTenMinutes));
    clock.advance(1);
    await refresh({ force: true });
    await refreshIdentity();
    const stored = new Map((await store.readAll()).map((document) => [document.name, document]));
    const times = { fetchedAt: clock.now(), freshUntil: clock.now() + 600_000 };
    expect(stored.get('discovery')).toMatchObject({ body: moved, ...times });
    expect(stored.get('jwks')).toMatchObject({ body: jwksBody(oldKey, newKey), fetchedAt: clock.now() });
    expect(stored.get('did')).toMatchObject({ body: identityKeys, ...times });
  });

  test('fetches both documents when one is due', async () => {
    await store.put(buildDocument('discovery', discoveryBody, clock.now() + 1, 9_000_000));
    clock.advance(3_000_000);
    await refresh();
    expect(provider.requests.map(({ url }) => url)).toEqual([discoveryUrl, jwksUrl]);
  });

  test('reports a failure when it cannot store the fetched documents', async () => {
    store.put = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));
    await expect(refresh({ force: true })).resolves.toMatchObject({
      failure: { code: 'dynamodb_unavailable' },
    });
  });

  test('reports a failure when it cannot read the stored documents', async () => {
    const failure = new RelyingPartyError('dynamodb_unavailable', 'down');
    store.readAll = () => Promise.reject(failure);
    expect(await refresh()).toEqual({ reports: [], failure });
    expect(provider.requests).toHaveLength(0);
  });

  test.each([
    [issuer, true],
    ['https://another.example/', false],
  ])(
    'that fails reports whether copies are valid for the issuer %s: %s',
    async (expectedIssuer, hasValidCopies) => {
      provider.answers.set(discoveryUrl, answer('', 503));
      const options = { store, client: provider, clock, issuer: expectedIssuer, discoveryUrl };
      expect(await refreshDiscoveryAndJwks(options, { force: true })).toMatchObject({ hasValidCopies });
    },
  );

  test('that fails before there is any copy reports that there is none', async () => {
    provider.answers.set(didDocumentUrl, answer('', 503));
    expect(await refreshIdentity()).toMatchObject({ reports: [], hasValidCopies: false });
  });

  test('reports all keys as new when the stored copy is unreadable', async () => {
    await store.put(buildDocument('did', didBody(createProviderSigningKey('did:web:old.example#1')), 1));
    provider.answers.set(didDocumentUrl, answer(didBody(didKey('2'), didKey('1'))));
    expect((await refreshIdentity({ force: true })).reports).toEqual([
      { document: 'did', age: 0, changedKeyIds: [`${did}#1`, `${did}#2`] },
    ]);
  });

  test('does not report keys that are the same as before', async () => {
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

  // id: did-refreshed-when-due
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

  // id: removed-key-one-hour
  test('trusts a removed key for at most an hour, whatever max-age the provider sends', async () => {
    const forEver = { 'cache-control': 'max-age=86400' };
    provider.answers.set(jwksUrl, answer(jwksBody(oldKey, newKey), 200, forEver));
    provider.answers.set(discoveryUrl, answer(discoveryBody, 200, forEver));
    await refresh({ force: true });
    provider.answers.set(jwksUrl, answer(jwksBody(newKey), 200, forEver));
    const keys = createKeys();
    let elapsed = 0;
    // As the schedule runs it, every five minutes, with an instance that serves requests all the while.
    while (await keys.findKey('old')) {
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
  ])('keeps the last good copies after %s, and reports that it failed', async (_, url, wrong) => {
    const before = await store.readAll();
    provider.answers.set(url, wrong);
    clock.advance(60_000);
    await expect(refresh({ force: true })).resolves.toMatchObject({
      reports: [{ age: 60_000 }, { age: 60_000 }],
      failure: { name: 'RelyingPartyError' },
    });
    expect(await store.readAll()).toEqual(before);
  });

  // id: foreign-did-refused
  test.each([
    ['of another id', didBody(didKey('2')).replace(`"id":"${did}"`, '"id":"did:web:other.example"')],
    ['with a key that is not under it', didBody(createProviderSigningKey('did:web:other.example#1'))],
    ['without keys', didBody()],
  ])('keeps the last good DID document when it gets one %s', async (_, wrong) => {
    await store.put(buildDocument('did', didBody(didKey('1')), clock.now()));
    const before = await store.readAll();
    provider.answers.set(didDocumentUrl, answer(wrong));
    await expect(refreshIdentity({ force: true })).resolves.toMatchObject({
      failure: { code: 'provider_did_document_invalid' },
    });
    expect(await store.readAll()).toEqual(before);
  });
});
