import { escapeHtml, renderPage } from './page.ts';

/** Where the pages about identity lead. */
export interface IdentityPageOptions {
  readonly serviceName: string;
  /** What the page's one link is to. */
  readonly continueUrl: string;
}

/** What a user sees whose identity was not proved, where the service has no page of its own for that. */
export function renderNotProvedPage({ serviceName, continueUrl }: IdentityPageOptions): string {
  return renderPage({
    title: 'We could not confirm your identity',
    serviceName,
    body: `<p>You are signed in, but GOV.UK One Login could not prove your identity.</p>
<p><a href="${escapeHtml(continueUrl)}" role="button">Continue to ${escapeHtml(serviceName)}</a></p>`,
  });
}

/** After an in-person check the user comes back by an e-mail, signs in, and goes on from here to the result. */
export function renderInPersonReturnPage({ serviceName, continueUrl }: IdentityPageOptions): string {
  return renderPage({
    title: 'Continue to see the result of your identity check',
    serviceName,
    body: `<p>You are signed in. Continue to GOV.UK One Login to see the result.</p>
<p><a href="${escapeHtml(continueUrl)}" role="button">Continue</a></p>`,
  });
}
