import { type Check, describeExchange, fail, pass, readAnswer, readJson } from '../check.ts';

export const userinfo: Check = {
  id: 'userinfo',
  title: 'Nobody is signed in without a session',
  needs: [],
  examine: ({ userinfo: exchange }) => {
    const answer = readAnswer(exchange);
    const { error, login_url: loginUrl } = readJson(answer) ?? {};
    if (answer?.status === 401 && error === 'login_required' && typeof loginUrl === 'string') {
      return pass(`401, sign in at ${loginUrl}`);
    }
    return fail(
      `${describeExchange(exchange)}; expected is 401 with login_required`,
      '200 without a cookie would mean that a cache answers: nothing below /auth but the JWKS may be cached. 500 or 503: look into the log of the function userinfo.',
    );
  },
};
