import type { Answer } from '../server/message.ts';
import { html } from './html.ts';
import { pageAnswer } from './layout.ts';

/**
 * The page on which a request ends that can't go on. The real One Login says no more than "Invalid request"; this
 * one says why.
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
