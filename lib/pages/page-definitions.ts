import type { Language, PageName } from '../../lambdas/http/pages/page-file.ts';
import { errorPages } from '../../lambdas/http/pages/page-file.ts';
import { laterValue } from './html.ts';

/** What one page has besides its text. */
export interface PageDefinition {
  /** How its one action looks, and where it leads. */
  readonly action: { readonly kind: 'button' | 'link' | 'form'; readonly url: ActionUrl };
  /** Whether it says who helps. */
  readonly showsContact: boolean;
  /** Elements of the head that it alone has. */
  readonly head?: string;
}

type ActionUrl = (options: { readonly defaultPage: string; readonly language: Language }) => string;

const startsAgain = { kind: 'button', url: () => laterValue('actionUrl') } as const;
const service: ActionUrl = ({ defaultPage }) => defaultPage;
const signOut: ActionUrl = ({ language }) => `${laterValue('publicUrl')}/logout?lang=${language}`;

export const pageDefinitions: Readonly<Record<PageName, PageDefinition>> = {
  problem: { action: startsAgain, showsContact: true },
  'temporarily-unavailable': { action: startsAgain, showsContact: true },
  'service-unavailable': { action: { kind: 'link', url: service }, showsContact: true },
  'start-again': { action: startsAgain, showsContact: true },
  denied: { action: startsAgain, showsContact: true },
  'identity-denied': { action: startsAgain, showsContact: true },
  'switched-browser': { action: startsAgain, showsContact: true },
  'sent-back': { action: { kind: 'link', url: service }, showsContact: true },
  'not-found': { action: { kind: 'link', url: service }, showsContact: true },
  'sign-out-problem': { action: { kind: 'button', url: signOut }, showsContact: true },
  'identity-not-proved': { action: { kind: 'button', url: service }, showsContact: true },
  'in-person-return': { action: startsAgain, showsContact: false },
  'confirm-sign-out': {
    action: { kind: 'form', url: signOut },
    showsContact: false,
    // Makes browsers without `Sec-Fetch-Site` send the `Origin` by which the answer is known as ours; under the
    // `no-referrer` of the header they would send `null`.
    head: '<meta name="referrer" content="same-origin">',
  },
  'signed-out': { action: { kind: 'link', url: service }, showsContact: false },
};

/** Function name → the pages that it may have to show. */
export const pagesOfFunctions: Readonly<Record<string, readonly PageName[]>> = {
  // It shows errors of the others once more, in another language: see lambdas/login/read-message.ts.
  login: [...errorPages, 'identity-not-proved', 'in-person-return'],
  callback: [...errorPages.filter((name) => !name.startsWith('sign-out-')), 'identity-not-proved'],
  logout: ['not-found', 'sign-out-problem', 'confirm-sign-out', 'signed-out'],
};

/** Whether the page says that something went wrong. */
export function isErrorPage(name: PageName): boolean {
  return (errorPages as readonly PageName[]).includes(name);
}
