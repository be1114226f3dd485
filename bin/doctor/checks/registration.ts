import type { ErrorCode } from '../../../lambdas/core/errors.ts';
import { findAuthorizationError } from '../../../lambdas/core/one-login/authorization-response.ts';
import { readLevelOfConfidence } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import { type JourneyRequest, listRequests } from '../../../lib/config/journeys.ts';
import {
  type Check,
  describeExchange,
  type Finding,
  fail,
  type ObservedRequest,
  pass,
  readAnswer,
  readHeader,
  skip,
} from '../check.ts';
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
  title: 'One Login accepts the identity request and each journey: levels and claims are as registered',
  needs: ['registration'],
  examine: ({ requests }, { config, publicUrl }) => {
    const [, ...expected] = listRequests(config);
    if (expected.length === 0) return skip('the config has no identity and no journeys');
    const findings = expected.map((request) => {
      const { path } = request;
      const observed = requests.find((each) => each.request.path === path);
      const finding = examineRequest(observed, request, publicUrl);
      return { ...finding, found: `${path}: ${finding.found}` };
    });
    const find = (status: Finding['status']) => findings.find((finding) => finding.status === status);
    return find('fail') ?? find('skip') ?? pass(findings.map(({ found }) => found).join('; '));
  },
};

function examineRequest(
  observed: ObservedRequest | undefined,
  asked: JourneyRequest,
  publicUrl: string,
): Finding {
  const { begin, authorize } = observed ?? {};
  const sent = begin === undefined ? undefined : readRequestObject(begin)?.claims;
  const userinfo = Object.fromEntries(asked.claims.map((name) => [name, null]));
  const claims = asked.claims.length === 0 ? undefined : JSON.stringify({ userinfo });
  const isAsked = JSON.stringify([asked.vtr, claims, asked.maxAge]);
  if (JSON.stringify([sent?.['vtr'], sent?.['claims'], sent?.['max_age']]) !== isAsked) {
    return fail(
      `${describeExchange(begin)}, and does not request the level, the claims and the age of the config`,
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
    describeCure(asked),
  );
}

function describeCure({ vtr, claims }: JourneyRequest): string {
  const levels = vtr.map(readLevelOfConfidence).filter((level) => level !== undefined);
  const cure =
    levels.length === 0
      ? `check that the client can request ${vtr.join(', ')}`
      : `set IdentityVerificationSupported, and check that ClientLoCs has ${levels.join(', ')} and Claims has ${claims.join(', ')}`;
  return `At One Login, ${cure}. Or request less in the config.`;
}

/**
 * Reads the error with which One Login redirects to the callback, as our functions do.
 *
 * @param publicUrl the public URL up to and including `/auth`
 * @returns undefined if it redirects elsewhere, or without an error
 */
function findErrorCode(answer: Answer, publicUrl: string): ErrorCode | undefined {
  return findAuthorizationError(readHeader(answer, 'location'), `${publicUrl}/callback`)?.code;
}
