import type { Answer } from '../server/message.ts';
import { html } from './html.ts';
import { pageAnswer } from './layout.ts';

/**
 * The page for a request that cannot continue. The page of the real One Login has only "Invalid request"; this one has the
 * reason.
 */
export function problemPage(status: number, title: string, code: string, reason: string): Answer {
  return pageAnswer({
    status,
    title,
    content: html`<p>One Login answers this request with the status ${status} and a page of its own: the user does not
come back to your service.</p>
<dl>
<dt>Why</dt>
<dd>${reason}</dd>
<dt>Code</dt>
<dd><code>${code}</code></dd>
</dl>`,
  });
}
