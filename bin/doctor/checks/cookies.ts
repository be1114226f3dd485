import { browserCookieName } from '../../../lambdas/core/session/cookies.ts';
import { type Check, fail, pass, readAnswer } from '../check.ts';

const flags = ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'];

export const cookies: Check = {
  id: 'cookies',
  title: 'The cookie comes with all its flags',
  needs: ['login'],
  examine: ({ login }) => {
    const values = readAnswer(login)?.headers['set-cookie'] ?? [];
    const ours = values.filter((value) => value.startsWith(browserCookieName));
    const [only] = ours;
    const cure =
      'Whatever is in front of the API must pass on Set-Cookie unchanged, all of them, and cache no answer.';
    if (only === undefined || ours.length > 1) {
      return fail(`the login sets ${ours.length} cookies ${browserCookieName}, expected one`, cure);
    }
    const attributes = only.split(';').map((part) => part.trim().toLowerCase());
    const missing = flags.filter((flag) => !attributes.includes(flag.toLowerCase()));
    const domain = attributes.some((attribute) => attribute.startsWith('domain='));
    if (missing.length === 0 && !domain) return pass(flags.join('; '));
    const faults = [...missing.map((flag) => `without ${flag}`), ...(domain ? ['with a Domain'] : [])];
    return fail(`${browserCookieName} comes ${faults.join(', ')}: browsers refuse it`, cure);
  },
};
