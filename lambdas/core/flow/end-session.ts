import { buildLogoutRequest } from '../one-login/logout-request.ts';
import type { SessionStore } from '../ports.ts';
import { openSession } from '../session/seal.ts';
import { type SessionCredential, sessionKeyOf } from '../session/session-key.ts';
import type { ProviderDocuments } from './provider-documents.ts';

export interface EndSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'delete'>;
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly publicUrl: string;
}

/** The post-logout redirect URI, exactly as registered. */
export function signedOutUrlOf(publicUrl: string): string {
  return `${publicUrl}/signed-out`;
}

/**
 * Ends the session here, then at One Login (OIDC RP-Initiated Logout). An expired session is ended as well: One
 * Login's own may still be there, and takes an expired hint. Without a session there is no hint to end it with, and
 * One Login would keep the user on its own page: they go straight to the signed-out page.
 *
 * Nothing is deleted before all is known that the redirect needs, so that a failed sign-out can be repeated.
 *
 * @param language travels in `state`, so that the signed-out page has it
 * @returns where to redirect to
 */
export async function endSession(
  { sessions, documents, publicUrl }: EndSessionDependencies,
  credential: SessionCredential | undefined,
  language: 'en' | 'cy' | undefined,
): Promise<{ redirectTo: string }> {
  const signedOutUrl = signedOutUrlOf(publicUrl);
  if (credential === undefined) return { redirectTo: withLanguage(signedOutUrl, language) };
  const key = sessionKeyOf(credential);
  const [sealed, metadata] = await Promise.all([sessions.read(key), documents.metadata()]);
  if (sealed === undefined) return { redirectTo: withLanguage(signedOutUrl, language) };
  const payload = openSession(sealed, credential);
  await sessions.delete(key);
  if (payload === undefined) return { redirectTo: withLanguage(signedOutUrl, language) };
  return {
    redirectTo: buildLogoutRequest({
      metadata,
      idTokenHint: payload.idToken,
      postLogoutRedirectUri: signedOutUrl,
      state: language ?? payload.language,
    }),
  };
}

function withLanguage(url: string, language: 'en' | 'cy' | undefined): string {
  return language === undefined ? url : `${url}?state=${language}`;
}
