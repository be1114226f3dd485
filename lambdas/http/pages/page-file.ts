import type { Language } from '../../core/language.ts';

/**
 * The pages of one function as they lie beside its bundle in `pages.json`: what `lib/pages` writes when the app is
 * synthesised and `page.ts` fills in when a page is shown. Everything that doesn't depend on the request is in there
 * already: the frame once for each language, and what is different from page to page.
 */
export interface PageFile {
  /** HTML that is in more than one place. */
  readonly shared: readonly string[];
  readonly frames: Readonly<Record<Language, Html>>;
  /** In place of those, for {@link signedInPages}: with the One Login service header. */
  readonly signedInFrames?: Readonly<Record<Language, Html>>;
  readonly pages: Readonly<Partial<Record<PageName, Readonly<Record<Language, PageParts>>>>>;
}

/** What is different from page to page, to be put into the frame. */
export type PageParts = Readonly<Record<PagePart, Html>>;
export type PagePart = 'title' | 'head' | 'content';

/**
 * Pieces of HTML as they are, or by their place in what is shared, with the values and parts between them that are not
 * known yet.
 */
export type Html = readonly (
  | string
  | { readonly shared: number }
  | { readonly value: PageValue }
  | { readonly part: PagePart }
)[];

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
