import { type Check, describeExchange, fail, pass, readAnswer, skip } from '../check.ts';

export const ownAddress: Check = {
  id: 'own-address',
  title: "The API's own address answers nobody who goes around what stands in front of it",
  needs: [],
  examine: ({ ownAddress: exchange }, { config: { domain, cloudFront } }) => {
    if (domain === undefined && cloudFront === undefined)
      return pass('by the config, nothing stands in front');
    if (exchange === undefined) return skip('pass --api-url to have it looked at');
    const answer = readAnswer(exchange);
    if (answer === undefined) return skip(describeExchange(exchange));
    if (answer.status === 403) return pass('403');
    return fail(
      `${describeExchange(exchange)}; expected is 403`,
      cloudFront === undefined
        ? "The config has a domain: the API's own address must be switched off. Deploy it once more, and see in API Gateway whether the default endpoint is inactive."
        : 'The config has cloudFront: the firewall must refuse what comes without the secret. Deploy it once more, and see in AWS WAF whether the web ACL is associated with the stage live.',
    );
  },
};
