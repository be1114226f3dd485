import { RelyingPartyError } from '../errors.ts';
import { isJsonObject } from './json-object.ts';
import { type ProviderKey, readSignatureKey } from './jwks.ts';
import type { Validated } from './messages.ts';
import { type DocumentDescriptor, parseDocumentBody } from './provider-document.ts';
import { hasSecretMember } from './secret-members.ts';

/** The P-256 keys of the DID document by their whole id, `did:web:…#…`. It has at least one key. */
export type IdentityKeySet = Validated<'did_document', ReadonlyMap<string, ProviderKey>>;

export interface ExpectedIdentityProvider {
  /** As configured, such as `did:web:identity.account.gov.uk`; never taken from a token. */
  readonly did: string;
}

/**
 * The keys that sign core identities.
 *
 * @param provider as configured. The URL is fixed, and never resolved from a `kid`
 */
export function didDocument(
  provider: ExpectedIdentityProvider & { readonly didDocumentUrl: string },
): DocumentDescriptor<IdentityKeySet, 'did'> {
  return {
    name: 'did',
    title: 'the DID document',
    url: provider.didDocumentUrl,
    parse: (body) => parseDidDocument(body, provider),
  };
}

/**
 * Validates the text of a DID document, received or stored (DID Core 5.3.2). A method that can't verify ES256 (another
 * type of key, a reference) is left out. The document is refused, so that it does not replace a good one, when it has
 * another `id`, a key id that is not under it or appears twice, private key material, or no usable key. `type` is not
 * checked, because documents differ in it.
 *
 * @throws RelyingPartyError `provider_did_document_invalid`
 */
export function parseDidDocument(body: string, expected: ExpectedIdentityProvider): IdentityKeySet {
  const document = parseDocumentBody(body, invalid);
  if (document['id'] !== expected.did) throw invalid('unexpected "id"');
  const methods = document['assertionMethod'];
  if (!Array.isArray(methods)) throw invalid('no "assertionMethod" array');

  const seen = new Set<string>();
  const keys = new Map<string, ProviderKey>();
  for (const method of methods as unknown[]) {
    const { id, publicKeyJwk } = isJsonObject(method) ? method : { id: method };
    if (typeof id !== 'string' || readController(id) !== expected.did) {
      throw invalid('the id of a member of "assertionMethod" is not under the "id" of the document');
    }
    if (seen.has(id)) throw invalid('two members of "assertionMethod" have the same id');
    seen.add(id);
    if (!isJsonObject(publicKeyJwk)) continue;
    if (hasSecretMember(publicKeyJwk)) throw invalid('it contains private or symmetric key material');
    const key = readSignatureKey(publicKeyJwk);
    if (key?.alg === 'ES256') keys.set(id, { kid: id, ...key });
  }
  if (keys.size === 0) throw invalid('no usable P-256 key');
  return keys as ReadonlyMap<string, ProviderKey> as IdentityKeySet;
}

/** @returns what is before the fragment of a DID URL (DID Core 3.2), or undefined when there is no fragment */
export function readController(keyId: string): string | undefined {
  return /^([^#]+)#[^#]+$/.exec(keyId)?.[1];
}

function invalid(reason: string): RelyingPartyError {
  return new RelyingPartyError('provider_did_document_invalid', `invalid DID document: ${reason}`);
}
