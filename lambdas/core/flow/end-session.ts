import { type AuditEvent, derivePseudonym } from '../audit.ts';
import type { Language } from '../language.ts';
import { buildLogoutRequest } from '../one-login/logout-request.ts';
import type { ProviderAddress } from '../one-login/messages.ts';
import type { Clock, SessionStore } from '../ports.ts';
import { openSession } from '../session/seal.ts';
import { deriveSessionKey, hash, type SessionCredential } from '../session/session-key.ts';
import { markLifetimeMilliseconds } from './end-all-sessions.ts';
import type { ProviderDocumentCache } from './provider-document-cache.ts';
import type { ReturnAddress } from './return-to.ts';
import { withLanguage } from './session-language.ts';
import { unwrap } from './settled.ts';
import { serializeSignOutState } from './sign-out-state.ts';
import { isSignedByCurrentKey } from './signing-key.ts';

export interface EndSessionDependencies {
  readonly sessions: Pick<SessionStore, 'read' | 'delete' | 'markRevoked'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly documents: Pick<ProviderDocumentCache, 'metadata' | 'find'>;
  readonly settings: { readonly publicUrl: string; readonly clientId: string };
}

export interface EndSessionRequest {
  readonly sessionCredential: SessionCredential | undefined;
  /** The values of the browser cookies. */
  readonly browserSecrets: readonly string[];
  /** The requested language. Without one, the session's is used. */
  readonly language: Language | undefined;
  /** Undefined for the default page. */
  readonly returnTo: ReturnAddress | undefined;
}

export interface EndedSession {
  readonly redirectTo: ProviderAddress;
  readonly audit: readonly AuditEvent[];
}

/** Each mark is a write that any request can cause. A browser usually keeps half as many browser cookies. */
const mostMarkedBrowsers = 10;

/** The post-logout redirect URI, exactly as registered. */
export function buildPostLogoutRedirectUri(publicUrl: string): string {
  return `${publicUrl}/signed-out`;
}

/**
 * Ends the session here, then at One Login (OIDC RP-Initiated Logout). An expired session is ended as well, because the
 * one at One Login may not have expired, and One Login accepts an expired hint. Without a session there is no hint: One
 * Login then ends its session by its own cookie, and the user stays on its page. A hint that One Login would refuse is
 * left out, with the same effect.
 *
 * Nothing is deleted before everything that the redirect needs has been read, so that a failed sign-out can be repeated.
 * The browser is marked first: a callback in another tab withdraws its session when it reads the mark.
 */
export async function endSession(
  { sessions, clock, documents, settings: { publicUrl, clientId } }: EndSessionDependencies,
  { sessionCredential: credential, browserSecrets, language, returnTo }: EndSessionRequest,
): Promise<EndedSession> {
  const key = credential && deriveSessionKey(credential);
  const now = clock.now();
  const [read, discovered, ...marks] = await Promise.allSettled([
    key && sessions.read(key),
    documents.metadata(),
    ...browserSecrets
      .slice(0, mostMarkedBrowsers)
      .map((secret) => sessions.markRevoked(hash(secret), now, now + markLifetimeMilliseconds)),
  ]);
  const sealed = unwrap(read);
  const payload = sealed && credential && openSession(sealed, credential);
  const { metadata, takesHint } = await withLanguage(payload?.language, async () => {
    const found = {
      metadata: unwrap(discovered),
      takesHint: payload !== undefined && (await isSignedByCurrentKey(documents, payload.idToken)),
    };
    marks.forEach(unwrap);
    if (sealed !== undefined) await sessions.delete(sealed.key);
    return found;
  });
  if (payload === undefined) return { redirectTo: buildLogoutRequest(metadata, undefined), audit: [] };
  const state = { language: language ?? payload.language };
  const userReturn = {
    idTokenHint: payload.idToken,
    postLogoutRedirectUri: buildPostLogoutRedirectUri(publicUrl),
    states: [serializeSignOutState({ ...state, returnTo }), serializeSignOutState(state)],
  };
  return {
    redirectTo: buildLogoutRequest(metadata, takesHint ? userReturn : undefined),
    audit: [{ action: 'signed_out', user: derivePseudonym(clientId, payload.sub) }],
  };
}
