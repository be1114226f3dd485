import { RelyingPartyError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { SessionStore } from '../ports.ts';
import { openSession } from '../session/seal.ts';
import { deriveSessionKey, type SessionCredential } from '../session/session-key.ts';

/**
 * The language of the session of a cookie, whether or not it has expired.
 *
 * @returns undefined when there is no session, or it can't be read: a page must be shown in any case
 */
export async function readSessionLanguage(
  sessions: Pick<SessionStore, 'read'>,
  credential: SessionCredential | undefined,
): Promise<Language | undefined> {
  if (credential === undefined) return undefined;
  const sealed = await sessions.read(deriveSessionKey(credential)).catch(() => undefined);
  return sealed && openSession(sealed, credential)?.language;
}

/** Adds the language, in which the error page is shown, to errors of `run`. */
export async function withLanguage<T>(language: Language | undefined, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RelyingPartyError && language !== undefined ? error.with({ language }) : error;
  }
}
