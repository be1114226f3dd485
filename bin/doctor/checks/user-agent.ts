import { type Check, fail, pass, readAnswer, skip } from '../check.ts';

export const userAgent: Check = {
  id: 'user-agent',
  title: 'One Login takes the User-Agent that the functions send',
  needs: [],
  examine: ({ discovery, did, providerJwks }, { userAgent: sent }) => {
    const answers = [discovery, did, providerJwks].flatMap((exchange) => readAnswer(exchange) ?? []);
    if (answers.length === 0) return skip('One Login does not answer at all');
    if (answers.some(({ status }) => status === 403)) {
      return fail(
        `One Login answers 403 to ${sent}`,
        'Its firewall refuses requests without a User-Agent, and may refuse this one: set serviceUrl to the web address of the service and deploy. If that does not help, ask One Login whether it blocks you.',
      );
    }
    return pass(sent);
  },
};
