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
import { isByKeyInUse } from './signing-key.ts';

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
  /** The language that was asked for; else it is the session's. */
  readonly language: Language | undefined;
  /** Validated, see `return-to.ts`; undefined for where everybody goes. */
  readonly returnTo: ReturnAddress | undefined;
}

/** Where to redirect to, and what happened. */
export interface EndedSession {
  readonly redirectTo: ProviderAddress;
  readonly audit: readonly AuditEvent[];
}

/** Twice what a browser usually keeps at most; each is a write that anybody can ask for. */
const mostMarkedBrowsers = 10;

/** The post-logout redirect URI, exactly as registered. */
export function buildPostLogoutRedirectUri(publicUrl: string): string {
  return `${publicUrl}/signed-out`;
}

/**
 * Ends the session here, then at One Login (OIDC RP-Initiated Logout). An expired session is ended as well: One
 * Login's own may still be there, and takes an expired hint. So may it when there is no session here any more: then
 * there is no hint to send, One Login ends its session by its own cookie, and the user stays on its page. A hint that
 * One Login would not take, and answer with an error, is left out with the same effect.
 *
 * Nothing is deleted before all is known that the redirect needs, so that a failed sign-out can be repeated. The
 * browser is marked before: a callback that is under way in another tab withdraws its session when it sees the mark.
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
      takesHint: payload !== undefined && (await isByKeyInUse(documents, payload.idToken)),
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
