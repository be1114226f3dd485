import { createHash } from 'node:crypto';

/**
 * Has a link that looks like a button act on the Space key, as buttons do, and as the script of the design system's
 * button does. A form with a real button would need no script. But browsers apply `form-action` to the redirects that
 * follow a form, and these links lead on to One Login: each page would have to do without `form-action`.
 *
 * It holds no dollar and no number sign: API Gateway replaces those in its own pages.
 */
export const buttonScript =
  "document.addEventListener('keydown',e=>{if(e.key===' '&&e.target.getAttribute('role')==='button'){e.preventDefault();e.target.click()}})";

/** As the content security policy allows it: this script and no other. `lambdas/http/security-headers.ts` has the same. */
export const buttonScriptSource = `'sha256-${createHash('sha256').update(buttonScript).digest('base64')}'`;
