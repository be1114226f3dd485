import { createHash } from 'node:crypto';

/**
 * Makes a link that looks like a button react to the Space key, as buttons do, and as the design system's own script
 * does. A form with a real button would need no script. But browsers apply `form-action` to the redirects after a form,
 * and these links redirect to One Login, so no page could have `form-action`.
 *
 * It contains no dollar and no number sign, because API Gateway replaces those in its own pages.
 */
export const buttonScript =
  "document.addEventListener('keydown',e=>{if(e.key===' '&&e.target.getAttribute('role')==='button'){e.preventDefault();e.target.click()}})";

/** Allows this script in a content security policy. `lambdas/http/security-headers.ts` has the same value. */
export const buttonScriptSource = `'sha256-${createHash('sha256').update(buttonScript).digest('base64')}'`;
