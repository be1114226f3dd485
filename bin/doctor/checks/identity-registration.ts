import { readLevelOfConfidence } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import type { IdentityConfig } from '../../../lib/config/deployment-config.ts';
import { type Check, describeExchange, fail, pass, readAnswer, skip } from '../check.ts';
import { findErrorCode } from '../error-code.ts';
import { readRequestObject } from '../request-object.ts';

export const identityRegistration: Check = {
  id: 'identity-registration',
  title: 'One Login takes the identity request: level and claims are as registered',
  needs: ['registration'],
  examine: (observed, { config, publicUrl }) => {
    if (config.identity === undefined) return skip('the config asks for no identity');
    const { begin, authorize } = observed.identity ?? {};
    const request = begin && readRequestObject(begin);
    const claims = { userinfo: Object.fromEntries(config.identity.claims.map((name) => [name, null])) };
    const asked = JSON.stringify([request?.claims['vtr'], request?.claims['claims']]);
    if (asked !== JSON.stringify([config.identity.vtr, JSON.stringify(claims)])) {
      return fail(
        `${describeExchange(begin)}, and does not ask for the level and the claims of the config`,
        'The config is not what is deployed: deploy it.',
      );
    }
    const answer = readAnswer(authorize);
    if (answer === undefined) return skip(describeExchange(authorize));
    const code = findErrorCode(answer, publicUrl);
    if (answer.status < 400 && code === undefined) return pass(describeExchange(authorize));
    if (code === 'authorization_temporarily_unavailable') {
      return skip('One Login has no capacity for proving identities at the moment');
    }
    return fail(
      code === undefined ? describeExchange(authorize) : `it sends the user back: ${code}`,
      describeCure(config.identity),
    );
  },
};

function describeCure({ vtr, claims }: IdentityConfig): string {
  const levels = vtr.map(readLevelOfConfidence).join(', ');
  return `At One Login, set IdentityVerificationSupported, and see that ClientLoCs has ${levels} and Claims has ${claims.join(', ')}. Or ask for less in the config.`;
}
