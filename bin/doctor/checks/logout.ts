import { type Check, describeExchange, fail, pass, readAnswer, readHeader } from '../check.ts';

export const logout: Check = {
  id: 'logout',
  title: 'A sign-out asks first when another site causes it, and ends on our page',
  needs: [],
  examine: ({ logout: exchange, signedOut }) => {
    const answer = readAnswer(exchange);
    const asks =
      answer?.status === 200 && /<form\b/i.test(answer.body) && readHeader(answer, 'set-cookie') === '';
    if (!asks) {
      return fail(
        `${describeExchange(exchange)} to another site; expected is a page that asks`,
        'Whatever is in front of the API must pass on the header Sec-Fetch-Site as it came. 500 or 503: look into the log of the function logout.',
      );
    }
    // With `signedOutUrl` in the config it leads on.
    if (![200, 303].includes(readAnswer(signedOut)?.status ?? 0)) {
      return fail(
        describeExchange(signedOut),
        'One Login sends users there after a sign-out: lead all of /auth/* to the API.',
      );
    }
    return pass('asks first; the page after it is there');
  },
};
