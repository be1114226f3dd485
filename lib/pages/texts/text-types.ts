import type { PageName } from '../../../lambdas/http/pages/page-file.ts';

/** The text of one page: plain, with `{serviceName}` in place of the service's name. */
export interface PageText {
  /** The heading, and the title of the window. */
  readonly title: string;
  /** Paragraphs: what happened, and what to do next. */
  readonly text: readonly string[];
  /** The words of the page's one button or link. Absent on a page without one. */
  readonly action?: string;
}

/** Pages that API Gateway shows without a function. It does not read the user's language, so each is in both. */
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
  readonly reference: string;
  /** The sentences about who helps: the words before, in and after the link, with `{name}` in place of the contact's. */
  readonly contact: Readonly<
    Record<'usual' | 'notFound', readonly [before: string, link: string, after: string]>
  >;
  readonly help: string;
  readonly phone: string;
  readonly callCharges: string;
  readonly callChargesUrl: string;
  readonly cancel: string;
  /** The words before, in and after the link of the phase banner. */
  readonly feedback: readonly [before: string, link: string, after: string];
  readonly supportLinks: string;
  /** The words before, in and after the link to the licence. */
  readonly licence: readonly [before: string, link: string, after: string];
  readonly copyright: string;
}

/** A number and its unit, with `{n}` in place of the number: for 1, for 2, and for more. */
export type UnitText = readonly [one: string, two: string, more: string];

/** The words of the session timeout dialog. */
export interface SessionTimeoutText {
  readonly title: string;
  /** With `{time}` in place of the time left. */
  readonly countdown: string;
  /** Why the user can't stay signed in. */
  readonly limit: string;
  /** Appears when the server could not be reached. */
  readonly problem: string;
  readonly stay: string;
  readonly close: string;
  readonly signOut: string;
  readonly minutes: UnitText;
  readonly seconds: UnitText;
}

/** All words in one language. */
export interface Texts {
  readonly frame: FrameText;
  readonly pages: Readonly<Record<PageName, PageText>>;
  readonly gatewayPages: Readonly<Record<GatewayPageName, PageText>>;
  readonly sessionTimeout: SessionTimeoutText;
}
