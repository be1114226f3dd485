import { isLanguage, type Language } from '../language.ts';

/** What is kept in the `state` of a logout request while the user is at One Login. */
export interface SignOutState {
  readonly language: Language;
  /** Undefined for the default page. */
  readonly returnTo?: string | undefined;
}

/** Two letters for the language, then the address in base64url, which needs no encoding in a URL. */
const pattern = /^(?<language>en|cy)(?<encoded>[\w-]*)$/;

export function serializeSignOutState({ language, returnTo = '' }: SignOutState): string {
  return language + Buffer.from(returnTo).toString('base64url');
}

/**
 * Reads the `state` that One Login returned. Anybody can make up such a link, so its address must be validated.
 *
 * @returns undefined when it has another form
 */
export function parseSignOutState(state: string | undefined): SignOutState | undefined {
  const { language, encoded = '' } = pattern.exec(state ?? '')?.groups ?? {};
  if (!isLanguage(language)) return undefined;
  return { language, returnTo: Buffer.from(encoded, 'base64url').toString() };
}
