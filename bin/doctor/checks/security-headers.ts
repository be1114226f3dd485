import { type Check, fail, pass, readAnswer, readHeader, skip } from '../check.ts';
import type { Answer } from '../transport.ts';

const required: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Cache-Control', /\bno-store\b/i],
  ['Referrer-Policy', /^no-referrer$/i],
  ['X-Content-Type-Options', /^nosniff$/i],
  ['Strict-Transport-Security', /\bmax-age=[1-9]\d{6,}/i],
  ['Content-Security-Policy', /\bframe-ancestors 'none'/],
  ['Content-Security-Policy', /\bdefault-src '(none|self)'/],
  // Nothing that somebody manages to put into a page may run or load: no inline code, no host but our own.
  ['Content-Security-Policy', /^(?!.*('unsafe-|\*|\b(https?|data|blob):))/],
];

export const securityHeaders: Check = {
  id: 'security-headers',
  title: 'Every answer carries the security headers, and is not cached',
  needs: [],
  examine: ({ login, callback, logout, signedOut, userinfo, backchannelLogout }) => {
    const routes = { login, callback, logout, signedOut, userinfo, backchannelLogout };
    const answers = Object.entries(routes).flatMap(([name, exchange]) => {
      const answer = readAnswer(exchange);
      return answer === undefined ? [] : [[name, answer] as const];
    });
    if (answers.length === 0) return skip('no route answers');
    const faults = answers.flatMap(([name, answer]) =>
      findFaults(answer).map((fault) => `${name}: ${fault}`),
    );
    if (faults.length === 0) return pass(`on ${answers.length} routes`);
    return fail(
      faults.join('; '),
      'The functions set them all: whatever is in front of the API must leave them, and cache nothing below /auth but the JWKS.',
    );
  },
};

function findFaults(answer: Answer): readonly string[] {
  const wrong = required
    .filter(([name, pattern]) => !pattern.test(readHeader(answer, name.toLowerCase())))
    .map(([name]) => name);
  const cached = readHeader(answer, 'age') !== '' || /\bhit\b/i.test(readHeader(answer, 'x-cache'));
  return [...new Set(wrong), ...(cached ? ['it came from a cache'] : [])];
}
