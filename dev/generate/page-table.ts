import type { PageName } from '../../lambdas/http/pages/page-file.ts';
import { english } from '../../lib/pages/texts/english.ts';

/** When each page is shown, for docs/pages.md. */
const occasions: Readonly<Record<PageName, string>> = {
  problem: 'any other fault',
  'temporarily-unavailable': 'One Login fails',
  'identity-unavailable': 'no capacity for identities',
  'service-unavailable': 'your client is deactivated',
  'start-again': 'the sign-in was used, expired or failed',
  denied: 'the user cancelled, or One Login refused',
  'identity-denied': 'the same, for an identity request',
  'switched-browser': 'another browser, or no cookies',
  'sent-back': '[a page sends signed-in users to sign in](sessions.md#pages-on-other-hosts)',
  'not-found': 'no such route',
  'sign-out-problem': 'signing out failed',
  'identity-not-proved': 'not proved, and no `identity.notProvedUrl`',
  'in-person-return': 'after a check in person',
  'confirm-sign-out': 'a sign-out [from elsewhere](sessions.md#sign-users-out)',
  'signed-out': 'signed out, without `signedOutUrl` or `return_to`',
};

/** The pages that users see, with their headings in English. */
export function renderPageTable(): string {
  return Object.entries(occasions)
    .map(([name, occasion]) => `- \`${name}\` (${english.pages[name as PageName].title}): ${occasion}`)
    .join('\n');
}
