import type { ProviderAddress } from './messages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/** One Login accepts no more, in all. */
const longestUrl = 2048;

/** What a logout request carries that One Login answers by sending the user back. */
export interface LogoutReturn {
  /** An ID token of the user; it may have expired. */
  readonly idTokenHint: string;
  /** Exactly as registered. */
  readonly postLogoutRedirectUri: string;
  /** What to bring back, the one that is wanted most first. Base64url characters: not every provider encodes it. */
  readonly states: readonly string[];
}

/**
 * Builds the URL that the browser is sent to (OIDC RP-Initiated Logout 2), with the first `state` with which it is no
 * longer than One Login accepts. When none is, or there is no hint, it is the endpoint alone: One Login ends its
 * session all the same, by its own cookie, and keeps the user on its signed-out page.
 */
export function buildLogoutRequest(
  metadata: ProviderMetadata,
  userReturn: LogoutReturn | undefined,
): ProviderAddress {
  const { end_session_endpoint: endpoint } = metadata;
  const urls = (userReturn?.states ?? []).map((state) => {
    const url = new URL(endpoint);
    url.searchParams.set('post_logout_redirect_uri', userReturn?.postLogoutRedirectUri ?? '');
    url.searchParams.set('state', state);
    url.searchParams.set('id_token_hint', userReturn?.idTokenHint ?? '');
    return url.href;
  });
  return (urls.find(({ length }) => length <= longestUrl) ?? endpoint) as ProviderAddress;
}
