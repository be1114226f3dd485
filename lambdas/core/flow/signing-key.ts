import { parseJsonObject } from '../one-login/json-object.ts';
import { readKeyId } from '../one-login/jwt.ts';
import type { ProviderDocumentStore } from '../ports.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';

/**
 * Stores the id of the key with which One Login signs ID tokens, for {@link isSignedByCurrentKey}. It is written only when
 * it has changed. A failure does not fail the sign-in: the next sign-in writes it.
 *
 * @param kid of the key that signed a validated ID token
 * @param now when the callback began. The latest one is kept
 */
export async function rememberSigningKey(
  {
    documents,
    store,
  }: {
    readonly documents: Pick<ProviderDocumentCache, 'find' | 'remember'>;
    readonly store: Pick<ProviderDocumentStore, 'put'>;
  },
  kid: string,
  now: number,
): Promise<void> {
  try {
    if ((await documents.find('id-token-key'))?.body === kid) return;
    const document = { name: 'id-token-key', body: kid, fetchedAt: now, freshUntil: now } as const;
    await store.put(document);
    documents.remember(document);
  } catch {
    // A logout may then end on an error page of One Login, as it would without this function.
  }
}

/**
 * Whether One Login accepts an ID token as the hint of a logout request. One Login verifies hints only with the key that
 * it signs with now, even when the JWKS still lists an earlier one. A JWKS that was fetched before a rotation contains
 * only the earlier key.
 */
export async function isSignedByCurrentKey(
  documents: Pick<ProviderDocumentCache, 'find'>,
  idToken: string,
): Promise<boolean> {
  const kid = readKeyId(idToken);
  const inUse = (await documents.find('id-token-key'))?.body ?? kid;
  const { keys } = parseJsonObject((await documents.find('jwks'))?.body ?? '') ?? {};
  return kid === inUse && Array.isArray(keys) && keys.some((key) => Object(key).kid === kid);
}
