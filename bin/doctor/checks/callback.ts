import { type Check, describeExchange, fail, pass, readAnswer, readHeader } from '../check.ts';

export const callback: Check = {
  id: 'callback',
  title: 'The callback answers, and refuses what does not come from One Login',
  needs: [],
  examine: ({ callback: exchange }) => {
    const answer = readAnswer(exchange);
    const isPage = answer !== undefined && readHeader(answer, 'content-type').startsWith('text/html');
    if (answer?.status === 400 && isPage) return pass('400 with a page, without a code');
    return fail(
      `${describeExchange(exchange)}${isPage ? '' : ', and not with a page'}; expected is 400 with a page`,
      'Does the public URL lead to the API with its whole path? 500 or 503: look into the log of the function callback.',
    );
  },
};
