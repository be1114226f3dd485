import type { Language } from '../../core/language.ts';

/**
 * The pages of one function, in `pages.json` beside its bundle. `lib/pages` writes the file when the app is synthesised,
 * and `page.ts` fills in a page when it is shown. The file has everything that does not depend on the request: the frame
 * once for each language, and what differs from page to page.
 */
export interface PageFile {
  readonly frames: Readonly<Record<Language, Html>>;
  /** The frames of {@link signedInPages}, with the One Login service header. */
  readonly signedInFrames?: Readonly<Record<Language, Html>>;
  readonly pages: Readonly<Partial<Record<PageName, Readonly<Record<Language, PageParts>>>>>;
}

/** What is different from page to page, to be put into the frame. */
export type PageParts = Readonly<Record<PagePart, Html>>;
export type PagePart = 'title' | 'head' | 'content';

/** Pieces of HTML, with the values and parts between them that are not known yet. */
export type Html = readonly (string | { readonly value: PageValue } | { readonly part: PagePart })[];

/** What is known only when a page is shown; it is escaped then. */
export type PageValue =
  /** The outside URL up to and with `/auth`. */
  | 'publicUrl'
  /** Where the page's one action leads. */
  | 'actionUrl'
  /** Where the same page is in the other language. */
  | 'languageUrl'
  /** What the user can quote and the logs know. */
  | 'reference';

/** What a user is shown when something went wrong. */
export const errorPages = [
  'problem',
  'temporarily-unavailable',
  'identity-unavailable',
  'service-unavailable',
  'start-again',
  'denied',
  'identity-denied',
  'switched-browser',
  'sent-back',
  'not-found',
  'sign-out-problem',
] as const;

/** Steps of a journey on which everything went as it should. */
export const stepPages = [
  'identity-not-proved',
  'in-person-return',
  'confirm-sign-out',
  'signed-out',
] as const;

/** Pages with the One Login service header. It takes 10 KB: those of a sign-in, which few people see, do without. */
export const signedInPages: readonly PageName[] = ['confirm-sign-out'];

export type PageName = (typeof errorPages)[number] | (typeof stepPages)[number];
