import {
  type Check,
  describeExchange,
  fail,
  pass,
  readAnswer,
  readHeader,
  readJson,
  skip,
} from '../check.ts';
import type { Answer } from '../transport.ts';

export const callback: Check = {
  id: 'callback',
  title: 'The callback responds, and refuses requests without a code',
  needs: ['host-name'],
  examine: ({ callback: exchange }) => {
    const answer = readAnswer(exchange);
    const isPage = answer !== undefined && readHeader(answer, 'content-type').startsWith('text/html');
    if (answer?.status === 400 && isPage) return pass('400 with a page, without a code');
    return fail(
      `${describeExchange(exchange)}${isPage ? '' : ', and not with a page'}; it should return 400 with a page`,
      'Does the public URL reach the API with its whole path? 500 or 503: look in the log of the function callback.',
    );
  },
};

export const userinfo: Check = {
  id: 'userinfo',
  title: '/auth/userinfo returns 401 without a session',
  needs: ['host-name'],
  examine: ({ userinfo: exchange }) => {
    const answer = readAnswer(exchange);
    const { error, login_url: loginUrl } = readJson(answer) ?? {};
    if (answer?.status === 401 && error === 'login_required' && typeof loginUrl === 'string') {
      return pass(`401, sign in at ${loginUrl}`);
    }
    return fail(
      `${describeExchange(exchange)}; it should return 401 with login_required`,
      '200 without a cookie means that a cache responds: below /auth only the JWKS may be cached. 500 or 503: look in the log of the function userinfo.',
    );
  },
};

export const logout: Check = {
  id: 'logout',
  title: 'A sign-out from another site shows a question first, and ends on our page',
  needs: ['host-name'],
  examine: ({ logout: exchange, signedOut }) => {
    const answer = readAnswer(exchange);
    const asks =
      answer?.status === 200 && /<form\b/i.test(answer.body) && readHeader(answer, 'set-cookie') === '';
    if (!asks) {
      return fail(
        `${describeExchange(exchange)} to another site; it should show a question`,
        'Any proxy in front of the API must pass on the header Sec-Fetch-Site unchanged. 500 or 503: look in the log of the function logout.',
      );
    }
    // With `signedOutUrl` in the config it redirects.
    if (![200, 303].includes(readAnswer(signedOut)?.status ?? 0)) {
      return fail(
        describeExchange(signedOut),
        'One Login sends users there after a sign-out: send all of /auth/* to the API.',
      );
    }
    return pass('shows a question first, then our page');
  },
};

export const backchannelLogout: Check = {
  id: 'backchannel-logout',
  title: 'The back-channel logout responds, and refuses tokens that One Login did not sign',
  needs: ['host-name'],
  examine: ({ backchannelLogout: exchange }) => {
    const answer = readAnswer(exchange);
    if (answer?.status === 400 && readJson(answer)?.['error'] === 'invalid_request') {
      return pass('400 to a body that is not a logout token');
    }
    return fail(
      `${describeExchange(exchange)}; it should return 400 with invalid_request`,
      'One Login calls it from its own network, without cookies: a firewall, bot rule or login page must let POST through. 200 means that something else responds. 500: look in the log of the function backchannel-logout.',
    );
  },
};

const required: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Cache-Control', /\bno-store\b/i],
  ['Referrer-Policy', /^no-referrer$/i],
  ['X-Content-Type-Options', /^nosniff$/i],
  ['Strict-Transport-Security', /\bmax-age=[1-9]\d{6,}/i],
  ['Content-Security-Policy', /\bframe-ancestors 'none'/],
  ['Content-Security-Policy', /\bdefault-src '(none|self)'/],
  // Code that an attacker injects into a page must not run or load: no inline code, no other host.
  ['Content-Security-Policy', /^(?!.*('unsafe-|\*|\b(https?|data|blob):))/],
];

export const securityHeaders: Check = {
  id: 'security-headers',
  title: 'Every response has the security headers, and is not cached',
  needs: ['host-name'],
  examine: ({ login, callback, logout, signedOut, userinfo, backchannelLogout }) => {
    const routes = { login, callback, logout, signedOut, userinfo, backchannelLogout };
    const answers = Object.entries(routes).flatMap(([name, exchange]) => {
      const answer = readAnswer(exchange);
      return answer === undefined ? [] : [[name, answer] as const];
    });
    if (answers.length === 0) return skip('no route responds');
    const faults = answers.flatMap(([name, answer]) =>
      findFaults(answer).map((fault) => `${name}: ${fault}`),
    );
    if (faults.length === 0) return pass(`on ${answers.length} routes`);
    return fail(
      faults.join('; '),
      'The functions set them all: any proxy in front of the API must keep them, and below /auth may only cache the JWKS.',
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
