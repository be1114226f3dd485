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

/** The parts that differ from page to page. */
export type PageParts = Readonly<Record<PagePart, Html>>;
export type PagePart = 'title' | 'head' | 'content';

/** Pieces of HTML, with the values and parts between them that are not known yet. */
export type Html = readonly (string | { readonly value: PageValue } | { readonly part: PagePart })[];

/** A value that depends on the request. It is escaped. */
export type PageValue =
  /** The outside URL up to and with `/auth`. */
  | 'publicUrl'
  /** The target of the page's button. */
  | 'actionUrl'
  /** The same page in the other language. */
  | 'languageUrl'
  /** The beginning of the request id. */
  | 'reference';

/** The pages for errors. */
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

/** The pages of a journey without an error. */
export const stepPages = [
  'identity-not-proved',
  'in-person-return',
  'confirm-sign-out',
  'signed-out',
] as const;

/** Pages with the One Login service header. It takes 10 KB, so the pages of a sign-in do not have it. */
export const signedInPages: readonly PageName[] = ['confirm-sign-out'];

export type PageName = (typeof errorPages)[number] | (typeof stepPages)[number];
