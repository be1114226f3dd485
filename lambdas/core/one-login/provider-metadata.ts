import { RelyingPartyError } from '../errors.ts';
import { isLoopback } from '../urls.ts';
import type { Validated } from './messages.ts';
import { type DocumentDescriptor, parseDocumentBody } from './provider-document.ts';

const endpointNames = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'jwks_uri',
] as const;

/** What we always use. A list of these names that is present must include the value. */
const neededValues = {
  response_types_supported: 'code',
  code_challenge_methods_supported: 'S256',
  token_endpoint_auth_methods_supported: 'private_key_jwt',
  token_endpoint_auth_signing_alg_values_supported: 'PS256',
} as const;

/** The provider's metadata (OIDC Discovery 3), as far as it is used. */
export type ProviderMetadata = Validated<
  'provider_metadata',
  { readonly issuer: string } & { readonly [Name in (typeof endpointNames)[number]]: string }
>;

export interface ExpectedProvider {
  /** Compared exactly, trailing slash included (OIDC Discovery 4.3). */
  readonly issuer: string;
}

/** @param provider as configured (OIDC Discovery 4.1) */
export function discoveryDocument(
  provider: ExpectedProvider & { readonly discoveryUrl: string },
): DocumentDescriptor<ProviderMetadata> {
  return {
    name: 'discovery',
    title: 'the discovery document',
    url: provider.discoveryUrl,
    parse: (body) => parseProviderMetadata(body, provider),
  };
}

/**
 * Validates the text of a discovery document, received or stored. Its endpoints must have the origin of its issuer, so
 * that a wrong document can't redirect users or tokens elsewhere.
 *
 * @throws RelyingPartyError `provider_metadata_invalid`
 */
export function parseProviderMetadata(body: string, expected: ExpectedProvider): ProviderMetadata {
  const document = parseDocumentBody(body, invalid);
  if (document['issuer'] !== expected.issuer) throw invalid('unexpected "issuer"');

  for (const [name, needed] of Object.entries(neededValues)) {
    const supported = document[name];
    if (supported === undefined) continue;
    if (!Array.isArray(supported) || !supported.includes(needed)) {
      throw invalid(`"${name}" does not include "${needed}"`);
    }
  }

  const origin = isProviderUrl(expected.issuer) ? new URL(expected.issuer).origin : undefined;
  const endpoints = endpointNames.map((name) => {
    const url = document[name];
    if (!isProviderUrl(url)) {
      throw invalid(`"${name}" is not an https URL without credentials and fragment`);
    }
    if (new URL(url).origin !== origin) throw invalid(`"${name}" is not at the issuer`);
    return [name, url] as const;
  });
  return { issuer: expected.issuer, ...Object.fromEntries(endpoints) } as ProviderMetadata;
}

/**
 * Whether the value is an absolute URL that tokens and users may be sent to: https (http for loopback only), without
 * credentials and without a fragment (RFC 6749, 3.1).
 */
function isProviderUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.href.includes('#')) return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

function invalid(reason: string): RelyingPartyError {
  return new RelyingPartyError('provider_metadata_invalid', `invalid discovery document: ${reason}`);
}
