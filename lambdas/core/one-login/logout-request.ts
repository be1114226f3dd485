import type { ProviderAddress } from './messages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

/** One Login does not accept a longer URL. */
const longestUrl = 2048;

/** The parameters with which One Login redirects the user back to us. */
export interface LogoutReturn {
  /** An ID token of the user; it may have expired. */
  readonly idTokenHint: string;
  /** Exactly as registered. */
  readonly postLogoutRedirectUri: string;
  /** The `state` to return, the preferred one first. In base64url, because not every provider encodes it. */
  readonly states: readonly string[];
}

/**
 * Builds the URL of a logout request (OIDC RP-Initiated Logout 2), with the first `state` that keeps it short enough for
 * One Login. Without such a `state`, or without a hint, it is the endpoint alone: One Login then ends its session by its
 * own cookie, and shows its own signed-out page.
 */
export function buildLogoutRequest(
  metadata: ProviderMetadata,
  userReturn: LogoutReturn | undefined,
): ProviderAddress {
  const { end_session_endpoint: endpoint } = metadata;
  if (userReturn === undefined) return endpoint as ProviderAddress;
  const urls = userReturn.states.map((state) => {
    const url = new URL(endpoint);
    url.searchParams.set('post_logout_redirect_uri', userReturn.postLogoutRedirectUri);
    url.searchParams.set('state', state);
    url.searchParams.set('id_token_hint', userReturn.idTokenHint);
    return url.href;
  });
  return (urls.find(({ length }) => length <= longestUrl) ?? endpoint) as ProviderAddress;
}
