import { type Check, describeExchange, fail, pass, readAnswer, readJson } from '../check.ts';

export const backchannelLogout: Check = {
  id: 'backchannel-logout',
  title: 'The back-channel logout can be reached, and refuses what One Login did not sign',
  needs: [],
  examine: ({ backchannelLogout: exchange }) => {
    const answer = readAnswer(exchange);
    if (answer?.status === 400 && readJson(answer)?.['error'] === 'invalid_request') {
      return pass('400 to what is no logout token');
    }
    return fail(
      `${describeExchange(exchange)}; expected is 400 with invalid_request`,
      'One Login calls it from its own network, without cookies: a firewall, bot rule or login page must let POST through. 200 would mean that something else answers. 500: look into the log of the function backchannel-logout.',
    );
  },
};
