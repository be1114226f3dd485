import { Refusal } from '../server/refusal.ts';
import { html } from './html.ts';
import { pageAnswer } from './layout.ts';

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
