import type { ErrorCode } from '../../../lambdas/core/errors.ts';
import { buildAuthorizationError } from '../../../lambdas/core/one-login/authorization-response.ts';
import { readLevelOfConfidence } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import type { IdentityConfig } from '../../../lib/config/deployment-config.ts';
import { type Check, describeExchange, fail, pass, readAnswer, readHeader, skip } from '../check.ts';
import { readRequestObject } from '../request-object.ts';
import type { Answer } from '../transport.ts';

export const registration: Check = {
  id: 'registration',
  title: 'One Login accepts the request: client, redirect URI, scopes and keys are as registered',
  needs: ['user-agent', 'discovery', 'login', 'request-object', 'redirect-uri'],
  examine: ({ authorize }, { config, publicUrl }) => {
    const answer = readAnswer(authorize);
    if (answer === undefined) return skip(describeExchange(authorize));
    const { status } = answer;
    const code = findErrorCode(answer, publicUrl);
    if (status < 400 && code === undefined) return pass(describeExchange(authorize));
    if (status >= 500) {
      return fail(
        describeExchange(authorize),
        `One Login has a problem, or could not read our JWKS: is ${publicUrl}/.well-known/jwks.json registered as the JWKS URL, and reachable from the internet?`,
      );
    }
    return fail(
      code === undefined ? describeExchange(authorize) : `it sends the user back: ${code}`,
      `Compare the registration of the client ${config.clientId} with the output of one-login register: client id, redirect URI, scopes, public keys from the JWKS. docs/errors.md explains each code.`,
    );
  },
};

export const identityRegistration: Check = {
  id: 'identity-registration',
  title: 'One Login accepts the identity request: level and claims are as registered',
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
        'The config is not the deployed one: deploy it.',
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
  return `At One Login, set IdentityVerificationSupported, and check that ClientLoCs has ${levels} and Claims has ${claims.join(', ')}. Or ask for less in the config.`;
}

/**
 * Reads the error with which One Login redirects to the callback, as our functions do.
 *
 * @param publicUrl the public URL up to and including `/auth`
 * @returns undefined if it redirects elsewhere, or without an error
 */
function findErrorCode(answer: Answer, publicUrl: string): ErrorCode | undefined {
  const location = readHeader(answer, 'location');
  if (!location.startsWith(`${publicUrl}/callback?`)) return undefined;
  const { searchParams } = new URL(location);
  const error = searchParams.get('error');
  if (error === null) return undefined;
  const description = searchParams.get('error_description') ?? '';
  return buildAuthorizationError({ error, description }, undefined).code;
}
