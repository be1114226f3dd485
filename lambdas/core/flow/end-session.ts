import { type AuditEvent, pseudonymOf } from '../audit.ts';
import { buildLogoutRequest } from '../one-login/logout-request.ts';
import type { ProviderAddress } from '../one-login/provider-url.ts';
import type { SessionStore } from '../ports.ts';
import { openSession } from '../session/seal.ts';
import { type SessionCredential, sessionKeyOf } from '../session/session-key.ts';
import { withLanguage } from './language.ts';
import type { ProviderDocuments } from './provider-documents.ts';
import { type ReturnAddress, trustedAddress } from './return-to.ts';
import { unwrap } from './settled.ts';

export interface EndSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'delete'>;
  readonly documents: Pick<ProviderDocuments, 'metadata'>;
  readonly publicUrl: string;
  readonly clientId: string;
}

/** Where to redirect to, and what happened. */
export interface EndedSession {
  readonly redirectTo: ReturnAddress | ProviderAddress;
  readonly audit: readonly AuditEvent[];
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
 */
export async function endSession(
  { sessions, documents, publicUrl, clientId }: EndSessionDependencies,
  credential: SessionCredential | undefined,
  language: 'en' | 'cy' | undefined,
): Promise<EndedSession> {
  const signedOutUrl = signedOutUrlOf(publicUrl);
  const nobody = { redirectTo: signedOutUrlIn(language, signedOutUrl), audit: [] };
  if (credential === undefined) return nobody;
  const key = sessionKeyOf(credential);
  const [read, discovered] = await Promise.allSettled([sessions.read(key), documents.metadata()]);
  const sealed = unwrap(read);
  const payload = sealed && openSession(sealed, credential);
  if (sealed === undefined) return nobody;
  const metadata = await withLanguage(payload?.language, async () => {
    const found = unwrap(discovered);
    await sessions.delete(key);
    return found;
  });
  if (payload === undefined) return nobody;
  return {
    redirectTo: buildLogoutRequest({
      metadata,
      idTokenHint: payload.idToken,
      postLogoutRedirectUri: signedOutUrl,
      state: language ?? payload.language,
    }),
    audit: [{ action: 'signed_out', user: pseudonymOf(clientId, payload.sub) }],
  };
}

function signedOutUrlIn(language: 'en' | 'cy' | undefined, url: string): ReturnAddress {
  return trustedAddress(language === undefined ? url : `${url}?state=${language}`);
}
