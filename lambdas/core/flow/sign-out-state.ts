import { isLanguage, type Language } from '../language.ts';

/** What a sign-out remembers while the user is at One Login. */
export interface SignOutState {
  readonly language: Language;
  /** Where to go on; undefined for where everybody goes. */
  readonly returnTo?: string | undefined;
}

/** Two letters of language, then the address in base64url, so that nothing in it needs encoding. */
const pattern = /^(en|cy)([\w-]*)$/;

/** The logout request's `state`. */
export function serializeSignOutState({ language, returnTo = '' }: SignOutState): string {
  return language + Buffer.from(returnTo).toString('base64url');
}

/**
 * Reads what came back as `state`. Anybody can make up such an address: what it names is validated like any other.
 *
 * @returns undefined for what has another form
 */
export function parseSignOutState(state: string | undefined): SignOutState | undefined {
  const [, language, encoded = ''] = pattern.exec(state ?? '') ?? [];
  if (!isLanguage(language)) return undefined;
  return { language, returnTo: Buffer.from(encoded, 'base64url').toString() };
}
