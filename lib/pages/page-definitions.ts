import type { Language } from '../../lambdas/core/language.ts';
import { errorPages, type PageName } from '../../lambdas/http/pages/page-file.ts';
import { markValue } from './html.ts';
import type { FrameText } from './texts/text-types.ts';

/** The parts of a page besides its text. */
export interface PageDefinition {
  /** Its one action: the form of the control, and its address. @default none */
  readonly action?: { readonly kind: 'button' | 'link' | 'form'; readonly url: ActionUrl };
  /** The address of the link for a user who wants to do nothing. @default no link */
  readonly cancelUrl?: ActionUrl;
  /** Whether it shows a reference number, which the logs contain too. @default false */
  readonly showsReference?: boolean;
  /** The sentence about who helps. @default none */
  readonly contact?: keyof FrameText['contact'];
  /** Elements of the head that only this page has. @default none */
  readonly head?: string;
}

type ActionUrl = (options: { readonly defaultPage: string; readonly language: Language }) => string;

const startAgain = { kind: 'button', url: () => markValue('actionUrl') } as const;
const service: ActionUrl = ({ defaultPage }) => defaultPage;
const signOut: ActionUrl = ({ language }) => `${markValue('publicUrl')}/logout?lang=${language}`;

const failure = { action: startAgain, showsReference: true, contact: 'usual' } as const;

export const pageDefinitions: Readonly<Record<PageName, PageDefinition>> = {
  problem: failure,
  'temporarily-unavailable': failure,
  'identity-unavailable': failure,
  // This page and `not-found` follow the design system's patterns, which have no action and no number.
  'service-unavailable': { contact: 'usual' },
  'start-again': failure,
  denied: failure,
  'identity-denied': failure,
  'switched-browser': failure,
  'sent-back': { ...failure, action: { kind: 'link', url: service } },
  'not-found': { contact: 'notFound' },
  'sign-out-problem': { ...failure, action: { kind: 'button', url: signOut } },
  'identity-not-proved': { action: { kind: 'button', url: service }, contact: 'usual' },
  'in-person-return': { action: startAgain },
  'confirm-sign-out': {
    action: { kind: 'form', url: () => markValue('actionUrl') },
    cancelUrl: service,
    // Browsers without `Sec-Fetch-Site` then send an `Origin`, which shows that the form is ours. With the header's
    // `no-referrer` they would send `null`.
    head: '<meta name="referrer" content="same-origin">',
  },
  'signed-out': { action: { kind: 'link', url: service } },
};

/** Function name → the pages that it can show. */
export const functionPages: Readonly<Record<string, readonly PageName[]>> = {
  // It shows errors of the other functions again in another language: see lambdas/login/read-message.ts.
  login: [...errorPages, 'identity-not-proved', 'in-person-return'],
  callback: [...errorPages.filter((name) => !name.startsWith('sign-out-')), 'identity-not-proved'],
  logout: ['not-found', 'sign-out-problem', 'confirm-sign-out', 'signed-out'],
};
