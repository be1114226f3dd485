/** The pages on which a journey ends or stops at One Login. */
import type { Person } from '../people/person.ts';
import type { Answer } from '../server/message.ts';
import { Refusal, type RefusalRecord } from '../server/refusal.ts';
import { type Html, html } from './html.ts';
import { pageAnswer } from './layout.ts';

/** The page after a logout without a destination at the service. */
export function signedOutPage(): Answer {
  return pageAnswer({
    title: 'You have signed out',
    content: html`<p>One Login ends a logout here when the request names no
<code>id_token_hint</code> or no <code>post_logout_redirect_uri</code>.</p>`,
  });
}

/** The page after a logout request with a fault, which has ended the session. */
export function logoutErrorPage(code: string, description: string): Answer {
  return pageAnswer({
    title: 'There was a problem when you signed out',
    content: html`<p>You are signed out of One Login, but do not come back to the service.</p>
<dl>
<dt>error_code</dt><dd>${code}</dd>
<dt>error_description</dt><dd>${description}</dd>
</dl>`,
  });
}

/** The page for a check at the Post Office. The user comes back to the service at its landing page. */
export function inPersonPage(
  person: Person,
  links: { readonly proved: string; readonly notProved: string },
): Answer {
  return pageAnswer({
    title: 'Prove your identity at a Post Office',
    content: html`<p>${person.label} leaves One Login here. Days later an e-mail with the result comes. Its link leads to
the landing page of the service:</p>
<ul>
<li><a href="${links.proved}">the link in the e-mail, when the check went well</a></li>
<li><a href="${links.notProved}">the link in the e-mail, when it did not</a></li>
</ul>`,
  });
}

/** How many refusals the start page shows. */
const mostRefusals = 50;

/** The page at `/`. */
export function startPage(clientId: string, refusals: readonly RefusalRecord[]): Answer {
  const shown = refusals.slice(-mostRefusals).toReversed();
  return pageAnswer({
    title: 'One Login stand-in',
    content: html`<p>It plays One Login for the client <code>${clientId}</code>. Sign in at the service to get here. How to make
it misbehave is in <code>docs/stand-in.md</code>; its state is at <a href="/control">/control</a>.</p>
<h2>Requests that were refused</h2>
${shown.length === 0 ? html`<p>None so far.</p>` : html`<dl>\n${shown.map(refusalItem)}</dl>`}`,
  });
}

function refusalItem({ at, method, path, status, code, reason }: RefusalRecord): Html {
  return html`<dt>${new Date(at).toISOString()} ${method} ${path}: ${status} <code>${code}</code></dt>
<dd>${reason}</dd>\n`;
}

/**
 * Refuses a request with a page, because it cannot continue. The page of the real One Login has only "Invalid request";
 * this one has the reason.
 */
export function pageRefusal(
  status: number,
  title: string,
  code: string,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const content = html`<p>One Login answers this request with the status ${status} and a page of its own: the user does not
come back to your service.</p>
<dl>
<dt>Why</dt>
<dd>${reason}</dd>
<dt>Code</dt>
<dd><code>${code}</code></dd>
</dl>`;
  const page = pageAnswer({ title, content }, status);
  return new Refusal(code, reason, { ...page, headers: { ...page.headers, ...headers } });
}
