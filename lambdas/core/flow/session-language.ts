import { RelyingPartyError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { SessionStore } from '../ports.ts';
import { openSession } from '../session/seal.ts';
import type { SessionPayload } from '../session/session.ts';
import { deriveSessionKey, type SessionCredential } from '../session/session-key.ts';

/** What a request says of its language. */
export interface LanguageRequest {
  /** As the caller asked; undefined when it did not. */
  readonly language: Language | undefined;
  /** What the browser prefers. */
  readonly browserLanguage: Language;
}

/** The language to go on in: the one that was asked for, else the session's, else the browser's. */
export function chooseLanguage(
  { language, browserLanguage }: LanguageRequest,
  session: { readonly payload: SessionPayload } | undefined,
): Language {
  return language ?? session?.payload.language ?? browserLanguage;
}

/**
 * The language of the session behind a cookie, whether or not it has expired.
 *
 * @returns undefined when there is none, and also when it can't be read: a page has to be shown in any case
 */
export async function languageOfSession(
  sessions: Pick<SessionStore, 'read'>,
  credential: SessionCredential | undefined,
): Promise<Language | undefined> {
  if (credential === undefined) return undefined;
  const sealed = await sessions.read(deriveSessionKey(credential)).catch(() => undefined);
  return sealed && openSession(sealed, credential)?.language;
}

/** Runs something whose errors are to be told in this language. */
export async function withLanguage<T>(language: Language | undefined, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RelyingPartyError && language !== undefined ? error.with({ language }) : error;
  }
}
