import { parseJsonObject } from '../one-login/json-object.ts';
import { readKeyId } from '../one-login/jwt.ts';
import type { ProviderDocumentStore } from '../ports.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';

/**
 * Remembers which key One Login signs ID tokens with, for the sake of logout: see {@link isByKeyInUse}. It is written
 * only when it has changed, and never fails a sign-in: the next one writes it.
 *
 * @param kid of the key that signed a validated ID token
 * @param now when the callback began that the token was signed for: a later one wins
 */
export async function rememberKeyInUse(
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
    // Then a logout may end on One Login's page of an error, as it would without this.
  }
}

/**
 * Whether One Login takes an ID token as the hint of a logout request. It verifies hints by the key that it signs with
 * now, and by no earlier one, whether or not the JWKS still lists it; and a JWKS that was fetched before a rotation
 * lists the earlier one only.
 */
export async function isByKeyInUse(
  documents: Pick<ProviderDocumentCache, 'find'>,
  idToken: string,
): Promise<boolean> {
  const kid = readKeyId(idToken);
  const inUse = (await documents.find('id-token-key'))?.body ?? kid;
  const { keys } = parseJsonObject((await documents.find('jwks'))?.body ?? '') ?? {};
  return kid === inUse && Array.isArray(keys) && keys.some((key) => Object(key).kid === kid);
}
