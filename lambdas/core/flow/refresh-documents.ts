import { buildJwksRequest, validateJwks } from '../one-login/jwks.ts';
import { buildDiscoveryRequest, validateProviderMetadata } from '../one-login/provider-metadata.ts';
import type { Clock, ProviderClient, ProviderDocument, ProviderDocumentStore } from '../ports.ts';

export interface RefreshDependencies {
  readonly store: ProviderDocumentStore;
  readonly client: ProviderClient;
  readonly clock: Clock;
  readonly issuer: string;
  readonly discoveryUrl: string;
}

/** What a refresh did, for the log. */
export interface RefreshedDocument {
  readonly document: 'discovery' | 'jwks';
  readonly refreshed: boolean;
  /** The key ids after a refresh of the JWKS. */
  readonly keyIds?: readonly string[];
}

/**
 * Fetches discovery and JWKS when they are no longer fresh. Each is validated before it replaces the last good
 * copy; a failure leaves both as they are.
 *
 * @param options.force fetch whether or not they are fresh: right after a deployment, which may have changed the
 *   provider
 * @throws RelyingPartyError when a fetch or a validation fails
 */
export async function refreshDocuments(
  { store, client, clock, issuer, discoveryUrl }: RefreshDependencies,
  { force }: { force: boolean },
): Promise<readonly RefreshedDocument[]> {
  const documents = new Map((await store.readAll()).map((document) => [document.name, document]));
  const isDue = (document: ProviderDocument | undefined) =>
    force || document === undefined || document.freshUntil <= clock.now();
  if (!isDue(documents.get('discovery')) && !isDue(documents.get('jwks'))) {
    return [
      { document: 'discovery', refreshed: false },
      { document: 'jwks', refreshed: false },
    ];
  }

  // The two go together: the discovery document says where the keys are.
  const discovery = await client.send(buildDiscoveryRequest(discoveryUrl));
  const { metadata, freshForMilliseconds } = validateProviderMetadata(discovery, { issuer });
  const jwks = await client.send(buildJwksRequest(metadata));
  const validatedJwks = validateJwks(jwks);

  const fetchedAt = clock.now();
  await store.put({
    name: 'discovery',
    body: discovery.body,
    fetchedAt,
    freshUntil: fetchedAt + freshForMilliseconds,
  });
  await store.put({
    name: 'jwks',
    body: jwks.body,
    fetchedAt,
    freshUntil: fetchedAt + validatedJwks.freshForMilliseconds,
  });
  return [
    { document: 'discovery', refreshed: true },
    { document: 'jwks', refreshed: true, keyIds: [...validatedJwks.keys.keys()] },
  ];
}
