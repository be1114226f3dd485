import { didDocument } from '../one-login/did-document.ts';
import { jwksDocument, type ProviderKey } from '../one-login/jwks.ts';
import type { ProviderDocumentName } from '../one-login/messages.ts';
import type { DocumentDescriptor } from '../one-login/provider-document.ts';
import { discoveryDocument } from '../one-login/provider-metadata.ts';
import type { Clock, ProviderClient, ProviderDocument, ProviderDocumentStore } from '../ports.ts';
import { fetchDocument } from './fetch-document.ts';

type KeySet = ReadonlyMap<string, ProviderKey>;
type StoredDocuments = ReadonlyMap<ProviderDocument['name'], ProviderDocument>;

export interface RefreshDependencies {
  readonly store: ProviderDocumentStore;
  readonly client: ProviderClient;
  readonly clock: Clock;
}

export interface DiscoveryDependencies extends RefreshDependencies {
  readonly issuer: string;
  readonly discoveryUrl: string;
}

export interface DidDependencies extends RefreshDependencies {
  readonly did: string;
  readonly didDocumentUrl: string;
}

export interface RefreshOptions {
  /** Fetch the documents even if they are fresh: a deployment may have changed the provider. */
  readonly force: boolean;
}

/** What a refresh found, for log and metrics. */
export interface RefreshReport {
  readonly document: ProviderDocumentName;
  /** The age of the stored copy, in milliseconds. */
  readonly age: number;
  /** All key ids, when they have changed. */
  readonly changedKeyIds?: readonly string[];
}

/**
 * The result of a refresh. After a failure the stored copies are unchanged. Without a report the age of the stored copy is
 * unknown.
 */
export interface RefreshResult {
  readonly reports: readonly RefreshReport[];
  readonly failure?: unknown;
  /** Whether, after a failure, there are valid copies of this provider's documents. Users can then sign in all the same. */
  readonly hasValidCopies?: boolean;
}

/** A refresh of one group of documents. */
export type Refresh = (options: RefreshOptions) => Promise<RefreshResult>;

/**
 * Fetches the discovery document and the JWKS when one of them is no longer fresh. They are fetched together, because the
 * first contains the URL of the second. Both are validated before either replaces the last good copy.
 */
export async function refreshDiscoveryAndJwks(
  { store, client, clock, ...provider }: DiscoveryDependencies,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const group = [discoveryDocument(provider), jwksDocument];
  return refreshGroup({ store, clock }, group, options, async (stored) => {
    const discovery = await fetchDocument(discoveryDocument(provider), { client, clock });
    const jwks = await fetchDocument(
      { ...jwksDocument, url: discovery.contents.jwks_uri },
      { client, clock },
    );
    await store.put(discovery.copy);
    await store.put(jwks.copy);
    return [{ document: 'discovery', age: 0 }, reportKeys(jwksDocument, jwks.contents, stored)];
  });
}

/** Fetches the DID document when it is no longer fresh. It is validated before it replaces the last good copy. */
export async function refreshDid(
  { store, client, clock, ...provider }: DidDependencies,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const document = didDocument(provider);
  return refreshGroup({ store, clock }, [document], options, async (stored) => {
    const { contents, copy } = await fetchDocument(document, { client, clock });
    await store.put(copy);
    return [reportKeys(document, contents, stored)];
  });
}

/** The age of a document is also reported when it could not be refreshed: an alarm needs it. */
async function refreshGroup(
  { store, clock }: { store: ProviderDocumentStore; clock: Clock },
  group: readonly Pick<DocumentDescriptor<unknown>, 'name' | 'parse'>[],
  options: RefreshOptions,
  fetchAll: (stored: StoredDocuments) => Promise<readonly RefreshReport[]>,
): Promise<RefreshResult> {
  let stored: StoredDocuments;
  try {
    stored = new Map((await store.readAll()).map((document) => [document.name, document]));
  } catch (failure) {
    return { reports: [], failure };
  }
  const untouched = group.flatMap(({ name }) => {
    const document = stored.get(name);
    return document === undefined ? [] : { document: name, age: clock.now() - document.fetchedAt };
  });
  if (!group.some(({ name }) => isDue(stored.get(name), clock, options))) return { reports: untouched };
  try {
    return { reports: await fetchAll(stored) };
  } catch (failure) {
    const hasValidCopies = group.every(({ name, parse }) => isValid(parse, stored.get(name)));
    return { reports: untouched, failure, hasValidCopies };
  }
}

function isValid(parse: (body: string) => unknown, document: ProviderDocument | undefined): boolean {
  try {
    parse(document?.body ?? '');
    return true;
  } catch {
    return false;
  }
}

function isDue(document: ProviderDocument | undefined, clock: Clock, { force }: RefreshOptions): boolean {
  return force || document === undefined || document.freshUntil <= clock.now();
}

/**
 * Compares the fetched keys with the stored ones. A stored copy that can't be read any more, after a change of the
 * provider in the config, counts as one without keys.
 */
function reportKeys(
  { name, parse }: Omit<DocumentDescriptor<KeySet>, 'url'>,
  fetched: KeySet,
  stored: StoredDocuments,
): RefreshReport {
  const readKeyIds = (keys: KeySet) => [...keys.keys()].sort();
  const keyIds = readKeyIds(fetched);
  let before: readonly string[] = [];
  try {
    before = readKeyIds(parse(stored.get(name)?.body ?? ''));
  } catch {}
  const changed = before.join('\n') === keyIds.join('\n') ? {} : { changedKeyIds: keyIds };
  return { document: name, age: 0, ...changed };
}
