import { RelyingPartyError } from '../errors.ts';
import { type JsonObject, parseJsonObject } from './json-object.ts';
import type { ProviderDocumentName, ProviderRequest, ProviderResponse } from './messages.ts';

/** The URL of the JWKS is in the discovery document. */
export type UrlFromMetadata = (metadata: { readonly jwks_uri: string }) => string;

/** One of the documents that One Login publishes: where it is and how it is read. */
export interface DocumentDescriptor<
  Contents,
  Name extends ProviderDocumentName = ProviderDocumentName,
  Url extends string | UrlFromMetadata = string,
> {
  readonly name: Name;
  /** The document in messages for the operator. */
  readonly title: string;
  /** From the config, unless it is the JWKS. No URL is ever taken from a token. */
  readonly url: Url;
  /**
   * Validates the document's text, whether it was received or stored.
   *
   * @throws RelyingPartyError `provider_…_invalid`
   */
  parse(body: string): Contents;
}

const longestDocument = 65_536;

export function buildDocumentRequest({ name, url }: DocumentDescriptor<unknown>): ProviderRequest {
  return { endpoint: name, method: 'GET', url, headers: { accept: 'application/json' } };
}

/**
 * Validates the response to {@link buildDocumentRequest}.
 *
 * @returns the contents, and for how many milliseconds they are fresh
 * @throws RelyingPartyError `provider_document_unavailable` unless the status is 200, `provider_…_invalid`
 */
export function validateDocument<Contents>(
  { title, parse }: Omit<DocumentDescriptor<Contents>, 'url'>,
  response: ProviderResponse,
): { readonly contents: Contents; readonly freshForMilliseconds: number } {
  if (response.status !== 200) {
    throw new RelyingPartyError(
      'provider_document_unavailable',
      `unexpected status ${response.status} of ${title}, expected 200`,
    );
  }
  return { contents: parse(response.body), freshForMilliseconds: readFreshness(response) };
}

/** @param invalid makes the error for a document that is too long or not a JSON object */
export function parseDocumentBody(body: string, invalid: (reason: string) => RelyingPartyError): JsonObject {
  if (body.length > longestDocument) throw invalid(`longer than ${longestDocument} characters`);
  const document = parseJsonObject(body);
  if (document === undefined) throw invalid('not a JSON object');
  return document;
}

const minute = 60_000;

/** The schedule fetches a document at most this often, whatever its `max-age`. */
export const shortestFreshness = 5 * minute;

/**
 * A removed key may be trusted for at most one hour. This time, the five minutes between two runs of the schedule and the
 * minute for which an instance keeps documents in memory leave a few minutes for a refresh that has to be repeated.
 */
export const longestFreshness = 50 * minute;

/**
 * Reads how long a document is fresh: `max-age` less `Age` (RFC 9111, 4.2), between 5 and 50 minutes. Without `max-age`, or
 * with `no-store` or `no-cache`, it is 5 minutes. `Pragma` is ignored (RFC 9111, 5.4), because One Login sends
 * `Pragma: no-cache` together with a `Cache-Control` that allows caching.
 *
 * @returns milliseconds
 */
export function readFreshness(response: ProviderResponse): number {
  const directives = (response.headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  if (directives.includes('no-store') || directives.includes('no-cache')) return shortestFreshness;

  const maxAge = directives.map((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1]).find(Boolean);
  if (maxAge === undefined) return shortestFreshness;

  const age = /^\d+$/.exec(response.headers['age'] ?? '')?.[0] ?? '0';
  const milliseconds = (Number(maxAge) - Number(age)) * 1000;
  return Math.min(longestFreshness, Math.max(shortestFreshness, milliseconds));
}
