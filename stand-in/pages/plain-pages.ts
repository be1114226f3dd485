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
    content: html`<p>The user stays at One Login because the request has no <code>id_token_hint</code> or no
<code>post_logout_redirect_uri</code>.</p>`,
  });
}

/** The page after a logout request with a fault, which has ended the session. */
export function logoutErrorPage(code: string, description: string): Answer {
  return pageAnswer({
    title: 'There was a problem when you signed out',
    content: html`<p>You are signed out of One Login, but do not return to the service.</p>
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
    content: html`<p>${person.label} leaves One Login here. Days later they get an email with a link to the landing page of the
service. Choose the result of the check:</p>
<ul>
<li><a href="${links.proved}">link in the email: identity proved</a></li>
<li><a href="${links.notProved}">link in the email: identity not proved</a></li>
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
    content: html`<p>This takes the place of One Login for the client <code>${clientId}</code>. To use it, sign in to the service.</p>
<p>You can see its state at <a href="/control">/control</a>. To cause errors, see <code>docs/stand-in.md</code>.</p>
<h2>Refused requests</h2>
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
  const content = html`<p>One Login shows its own page with the status ${status} for this request. The user does not return to your
service.</p>
<dl>
<dt>Why</dt>
<dd>${reason}</dd>
<dt>Code</dt>
<dd><code>${code}</code></dd>
</dl>`;
  const page = pageAnswer({ title, content }, status);
  return new Refusal(code, reason, { ...page, headers: { ...page.headers, ...headers } });
}
