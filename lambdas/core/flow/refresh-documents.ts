import { buildDidRequest, parseDidDocument, validateDidDocument } from '../one-login/did-document.ts';
import { buildJwksRequest, parseJwks, validateJwks } from '../one-login/jwks.ts';
import type { ProviderDocumentName, ProviderResponse } from '../one-login/messages.ts';
import { buildDiscoveryRequest, validateProviderMetadata } from '../one-login/provider-metadata.ts';
import type { Clock, ProviderClient, ProviderDocument, ProviderDocumentStore } from '../ports.ts';

export interface RefreshDependencies {
  readonly store: ProviderDocumentStore;
  readonly client: ProviderClient;
  readonly clock: Clock;
}

/** Where discovery is, and what it must say. */
export interface DiscoveryDependencies extends RefreshDependencies {
  readonly issuer: string;
  readonly discoveryUrl: string;
}

/** Where the DID document is, and what it must say. */
export interface DidDependencies extends RefreshDependencies {
  readonly did: string;
  readonly didDocumentUrl: string;
}

export interface RefreshOptions {
  /** Fetch whether or not they are fresh: right after a deployment, which may have changed the provider. */
  readonly force: boolean;
}

/** What a refresh found, for log and metrics. */
export interface RefreshReport {
  readonly document: ProviderDocumentName;
  /** Of the stored copy, milliseconds. */
  readonly age: number;
  /** All key ids, when they are others than before. */
  readonly changedKeyIds?: readonly string[];
}

/**
 * What became of each document of a refresh; with the failure, if there was one, which left them as they were. Without
 * a report of a document it is not known how old the stored copy is.
 */
export interface RefreshResult {
  readonly reports: readonly RefreshReport[];
  readonly failure?: unknown;
}

/** A refresh of one group of documents. */
export type Refresh = (options: RefreshOptions) => Promise<RefreshResult>;

/**
 * Fetches discovery and JWKS when they are no longer fresh: the two together, since the one says where the other is.
 * Both are validated before either replaces the last good copy.
 */
export async function refreshDiscoveryAndJwks(
  { store, client, clock, issuer, discoveryUrl }: DiscoveryDependencies,
  options: RefreshOptions,
): Promise<RefreshResult> {
  return refreshGroup({ store, clock }, ['discovery', 'jwks'], options, async (stored) => {
    const discovery = await client.send(buildDiscoveryRequest(discoveryUrl));
    const { metadata, freshForMilliseconds } = validateProviderMetadata(discovery, { issuer });
    const jwks = await client.send(buildJwksRequest(metadata));
    const valid = validateJwks(jwks);

    await store.put(buildDocument('discovery', discovery, clock, freshForMilliseconds));
    await store.put(buildDocument('jwks', jwks, clock, valid.freshForMilliseconds));
    const changed = changes(stored.get('jwks'), (body) => parseJwks(body).keys(), valid.keys.keys());
    return [
      { document: 'discovery', age: 0 },
      { document: 'jwks', age: 0, ...changed },
    ];
  });
}

/** Fetches the DID document when it is no longer fresh. It is validated before it replaces the last good copy. */
export async function refreshDid(
  { store, client, clock, ...provider }: DidDependencies,
  options: RefreshOptions,
): Promise<RefreshResult> {
  return refreshGroup({ store, clock }, ['did'], options, async (stored) => {
    const response = await client.send(buildDidRequest(provider.didDocumentUrl));
    const { keys, freshForMilliseconds } = validateDidDocument(response, provider);
    await store.put(buildDocument('did', response, clock, freshForMilliseconds));
    const readKeyIds = (body: string) => parseDidDocument(body, provider).keys();
    return [{ document: 'did', age: 0, ...changes(stored.get('did'), readKeyIds, keys.keys()) }];
  });
}

/** The age of a document is reported whether it could be refreshed or not: above all when it could not. */
async function refreshGroup(
  { store, clock }: { store: ProviderDocumentStore; clock: Clock },
  names: readonly ProviderDocumentName[],
  options: RefreshOptions,
  fetchAll: (stored: ReadonlyMap<ProviderDocument['name'], ProviderDocument>) => Promise<RefreshReport[]>,
): Promise<RefreshResult> {
  let stored: ReadonlyMap<ProviderDocument['name'], ProviderDocument>;
  try {
    stored = await storedDocuments(store);
  } catch (failure) {
    return { reports: [], failure };
  }
  const untouched = names.flatMap((name) => {
    const document = stored.get(name);
    return document === undefined ? [] : { document: name, age: clock.now() - document.fetchedAt };
  });
  if (!names.some((name) => isDue(stored.get(name), clock, options))) return { reports: untouched };
  try {
    return { reports: await fetchAll(stored) };
  } catch (failure) {
    return { reports: untouched, failure };
  }
}

async function storedDocuments(
  store: ProviderDocumentStore,
): Promise<ReadonlyMap<ProviderDocument['name'], ProviderDocument>> {
  return new Map((await store.readAll()).map((document) => [document.name, document]));
}

function isDue(document: ProviderDocument | undefined, clock: Clock, { force }: RefreshOptions): boolean {
  return force || document === undefined || document.freshUntil <= clock.now();
}

function buildDocument(
  name: ProviderDocumentName,
  { body }: ProviderResponse,
  clock: Clock,
  freshForMilliseconds: number,
): ProviderDocument {
  const fetchedAt = clock.now();
  return { name, body, fetchedAt, freshUntil: fetchedAt + freshForMilliseconds };
}

/** A stored copy that can't be read any more, after a change of the provider in the config, had no keys of ours. */
function changes(
  stored: ProviderDocument | undefined,
  readKeyIds: (body: string) => Iterable<string>,
  now: Iterable<string>,
): { changedKeyIds?: readonly string[] } {
  const keyIds = [...now].sort();
  let before: string[] = [];
  try {
    if (stored !== undefined) before = [...readKeyIds(stored.body)].sort();
  } catch {
    before = [];
  }
  return before.join('\n') === keyIds.join('\n') ? {} : { changedKeyIds: keyIds };
}
