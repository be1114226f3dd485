import type { Language } from '../../lambdas/core/language.ts';
import { errorPages, type PageName } from '../../lambdas/http/pages/page-file.ts';
import { laterValue } from './html.ts';
import type { FrameText } from './texts/text-types.ts';

/** What one page has besides its text. */
export interface PageDefinition {
  /** How its one action looks, and where it leads. @default it has none */
  readonly action?: { readonly kind: 'button' | 'link' | 'form'; readonly url: ActionUrl };
  /** Where the user gets who wants to do nothing. @default there is no such link */
  readonly cancelUrl?: ActionUrl;
  /** Whether it has a number that the user can quote and the logs know. @default false */
  readonly showsReference?: boolean;
  /** In which sentence it says who helps. @default it does not say so */
  readonly contact?: keyof FrameText['contact'];
  /** Elements of the head that it alone has. */
  readonly head?: string;
}

type ActionUrl = (options: { readonly defaultPage: string; readonly language: Language }) => string;

const startsAgain = { kind: 'button', url: () => laterValue('actionUrl') } as const;
const service: ActionUrl = ({ defaultPage }) => defaultPage;
const signOut: ActionUrl = ({ language }) => `${laterValue('publicUrl')}/logout?lang=${language}`;

const failure = { action: startsAgain, showsReference: true, contact: 'usual' } as const;

export const pageDefinitions: Readonly<Record<PageName, PageDefinition>> = {
  problem: failure,
  'temporarily-unavailable': failure,
  'identity-unavailable': failure,
  // This page and `not-found` are the design system's, which have neither an action nor a number.
  'service-unavailable': { contact: 'usual' },
  'start-again': failure,
  denied: failure,
  'identity-denied': failure,
  'switched-browser': failure,
  'sent-back': { ...failure, action: { kind: 'link', url: service } },
  'not-found': { contact: 'notFound' },
  'sign-out-problem': { ...failure, action: { kind: 'button', url: signOut } },
  'identity-not-proved': { action: { kind: 'button', url: service }, contact: 'usual' },
  'in-person-return': { action: startsAgain },
  'confirm-sign-out': {
    action: { kind: 'form', url: () => laterValue('actionUrl') },
    cancelUrl: service,
    // Makes browsers without `Sec-Fetch-Site` send the `Origin` by which the answer is known as ours; under the
    // `no-referrer` of the header they would send `null`.
    head: '<meta name="referrer" content="same-origin">',
  },
  'signed-out': { action: { kind: 'link', url: service } },
};

/** Function name → the pages that it may have to show. */
export const pagesOfFunctions: Readonly<Record<string, readonly PageName[]>> = {
  // It shows errors of the others once more, in another language: see lambdas/login/read-message.ts.
  login: [...errorPages, 'identity-not-proved', 'in-person-return'],
  callback: [...errorPages.filter((name) => !name.startsWith('sign-out-')), 'identity-not-proved'],
  logout: ['not-found', 'sign-out-problem', 'confirm-sign-out', 'signed-out'],
};
