import type { PageName } from '../../../lambdas/http/pages/page-file.ts';

/** What one page says. Plain text, in which `{serviceName}` stands for the service's name. */
export interface PageText {
  /** The heading, and the title of the window. */
  readonly title: string;
  /** Paragraphs: what happened, and what to do next. */
  readonly text: readonly string[];
  /** What the page's one button or link says; absent on a page that has none. */
  readonly action?: string;
}

/** Answers of API Gateway itself, which knows no language: these pages are in both. */
export type GatewayPageName =
  | 'page-not-found'
  | 'too-many-requests'
  | 'request-refused'
  | 'unavailable'
  | 'sign-in-needed'
  | 'access-denied';

/** The words that all pages share. */
export interface FrameText {
  readonly skipLink: string;
  readonly homepageUrl: string;
  readonly serviceInformation: string;
  readonly language: string;
  readonly changeLanguage: string;
  readonly reference: string;
  /** Who helps, by where it is said. What stands before, in and after the link; `{name}` stands for the contact's. */
  readonly contact: Readonly<
    Record<'usual' | 'notFound', readonly [before: string, link: string, after: string]>
  >;
  readonly help: string;
  readonly phone: string;
  readonly callCharges: string;
  readonly callChargesUrl: string;
  readonly cancel: string;
  /** What stands before, in and after the link of the phase banner. */
  readonly feedback: readonly [before: string, link: string, after: string];
  readonly supportLinks: string;
  /** What stands before, in and after the link to the licence. */
  readonly licence: readonly [before: string, link: string, after: string];
  readonly copyright: string;
}

/** Everything that is said in one language. */
export interface Texts {
  readonly frame: FrameText;
  readonly pages: Readonly<Record<PageName, PageText>>;
  readonly gatewayPages: Readonly<Record<GatewayPageName, PageText>>;
}
