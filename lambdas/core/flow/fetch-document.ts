import {
  buildDocumentRequest,
  type DocumentDescriptor,
  validateDocument,
} from '../one-login/provider-document.ts';
import type { Clock, ProviderClient, ProviderDocument } from '../ports.ts';

export interface FetchedDocument<Contents> {
  readonly contents: Contents;
  /** What the store keeps. */
  readonly copy: ProviderDocument;
}

/**
 * Fetches one of One Login's documents and validates it: for the schedule and for a direct refresh alike.
 *
 * @throws RelyingPartyError `provider_…`
 */
export async function fetchDocument<Contents>(
  document: DocumentDescriptor<Contents>,
  { client, clock }: { readonly client: ProviderClient; readonly clock: Pick<Clock, 'now'> },
): Promise<FetchedDocument<Contents>> {
  const response = await client.send(buildDocumentRequest(document));
  const { contents, freshForMilliseconds } = validateDocument(document, response);
  const fetchedAt = clock.now();
  return {
    contents,
    copy: {
      name: document.name,
      body: response.body,
      fetchedAt,
      freshUntil: fetchedAt + freshForMilliseconds,
    },
  };
}
