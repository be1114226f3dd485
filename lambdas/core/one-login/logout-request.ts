import type { ProviderMetadata } from './provider-metadata.ts';
import type { ProviderAddress } from './provider-url.ts';

/** One Login accepts no more, in all. */
const longestUrl = 2048;

/** What the logout request carries. */
export interface LogoutRequestParameters {
  readonly metadata: ProviderMetadata;
  /** The ID token of the session; it may have expired. */
  readonly idTokenHint?: string;
  /** Exactly as registered. */
  readonly postLogoutRedirectUri: string;
  readonly state: string;
}

/**
 * Builds the URL that the browser is sent to (OIDC RP-Initiated Logout 2). With a hint that makes it longer than
 * One Login accepts, the hint is left out: the user is signed out all the same, but ends on One Login's own
 * signed-out page.
 */
export function buildLogoutRequest(parameters: LogoutRequestParameters): ProviderAddress {
  const url = new URL(parameters.metadata.end_session_endpoint);
  url.searchParams.set('post_logout_redirect_uri', parameters.postLogoutRedirectUri);
  url.searchParams.set('state', parameters.state);
  if (parameters.idTokenHint === undefined) return url.href as ProviderAddress;

  const withHint = new URL(url);
  withHint.searchParams.set('id_token_hint', parameters.idTokenHint);
  return (withHint.href.length <= longestUrl ? withHint.href : url.href) as ProviderAddress;
}
