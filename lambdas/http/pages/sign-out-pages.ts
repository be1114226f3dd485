import { escapeHtml, renderPage } from './page.ts';

/** Where users go from the signed-out page. */
export interface SignedOutPageOptions {
  readonly serviceName: string;
  readonly defaultPage: string;
}

export function renderSignedOutPage({ serviceName, defaultPage }: SignedOutPageOptions): string {
  return renderPage({
    title: 'You have signed out',
    serviceName,
    body: `<p><a href="${escapeHtml(defaultPage)}">Return to ${escapeHtml(serviceName)}</a></p>`,
  });
}

/**
 * Asks before signing out a user who came from somewhere else. The page's own referrer policy makes browsers without
 * `Sec-Fetch-Site` send the `Origin` by which the answer is known as ours; under `no-referrer` they would send `null`.
 */
export function renderConfirmSignOutPage({
  serviceName,
  publicUrl,
}: {
  readonly serviceName: string;
  readonly publicUrl: string;
}): string {
  return renderPage({
    title: 'Do you want to sign out?',
    serviceName,
    head: '<meta name="referrer" content="same-origin">\n',
    body: `<form method="post" action="${escapeHtml(publicUrl)}/logout"><button type="submit">Sign out</button></form>`,
  });
}
