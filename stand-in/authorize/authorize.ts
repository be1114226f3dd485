import type { JWTPayload } from 'jose';
import { randomId } from '../expiring-map.ts';
import { readIdTokenHint } from '../keys/id-token-hint.ts';
import type { Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader } from '../server/message.ts';
import { findSufficientSignIn } from '../sign-in/authentication.ts';
import {
  type BrowserSession,
  type Journey,
  resumeSession,
  sessionCookie,
} from '../sign-in/browser-sessions.ts';
import { completeJourney, failJourney } from '../sign-in/complete-journey.ts';
import { noFaults } from '../token/faults.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { readOuterParameters } from './outer-parameters.ts';
import { badRequest, RedirectedError } from './refusals.ts';
import { readRequestClaims } from './request-claims.ts';
import { openRequestObject } from './request-object.ts';

/**
 * The authorization endpoint (docs/one-login.md, 1): checks the request and begins a journey, which continues on the sign-in
 * page if the user must choose.
 *
 * @throws Refusal
 */
export async function answerAuthorizationRequest(received: Received, provider: Provider): Promise<Answer> {
  const journey = { id: randomId(), request: await readAuthorizationRequest(received, provider) };
  provider.journeys.set(journey.id, journey);
  const session = resumeSession(received, provider);
  session.currentJourney = journey;
  const answer = beginJourney(journey, session, provider);
  return withHeader(answer, 'set-cookie', sessionCookie(provider, session));
}

async function readAuthorizationRequest(
  received: Received,
  provider: Provider,
): Promise<AuthorizationRequest> {
  const { client, url, clientKeys, clock } = provider;
  const outer = readOuterParameters(received, client);
  const claims = await openRequestObject(outer.request, clientKeys, clock.now());
  const redirectUri = readRedirectUri(claims, client.redirectUris);
  const state =
    typeof claims['state'] === 'string' && claims['state'].trim() !== '' ? claims['state'] : undefined;
  try {
    if (state === undefined) throw new RedirectedError('state_missing');
    const request = readRequestClaims(claims, { client, outer, authorizationEndpoint: `${url}/authorize` });
    const hint = claims['id_token_hint'];
    if (hint === undefined || !request.prompt.includes('login')) return { ...request, redirectUri, state };
    return { ...request, redirectUri, state, reauthenticate: await readHintedUser(hint, provider) };
  } catch (error) {
    throw error instanceof RedirectedError ? error.toRefusal(redirectUri, state) : error;
  }
}

function readRedirectUri(claims: JWTPayload, registered: readonly string[]): string {
  const redirectUri = claims['redirect_uri'];
  if (typeof redirectUri !== 'string') {
    throw badRequest('redirect_uri_missing', 'the request object has no redirect_uri');
  }
  if (registered.includes(redirectUri)) return redirectUri;
  throw badRequest('redirect_uri_unregistered', `the redirect_uri ${redirectUri} is not registered`);
}

/**
 * Checks the hint of a re-authentication: an ID token that this stand-in signed with ES256 for this client. As in One Login,
 * old keys are accepted, also those that are no longer in the JWKS.
 *
 * @returns its subject
 */
async function readHintedUser(text: unknown, { keys, client }: Provider): Promise<string> {
  const all = [...keys.es256.published, ...keys.es256.removed];
  const hint = await readIdTokenHint(String(text), ({ kid }) => all.find((key) => key.kid === kid));
  if (hint === undefined) throw new RedirectedError('id_token_hint_invalid');
  if (hint.audience !== client.clientId || hint.subject === undefined) {
    throw new RedirectedError('id_token_hint_of_other_client');
  }
  return hint.subject;
}

function beginJourney(journey: Journey, session: BrowserSession, provider: Provider): Answer {
  const error = provider.behaviour.take('authorizationError');
  if (error !== undefined) return failJourney(journey, session, error, provider);
  const person = findPersonWithoutPage(journey, session, provider);
  if (person === undefined) return redirectAnswer(`${provider.url}/sign-in`, { journey: journey.id });
  const choice = { person, identity: 'AS_THE_PERSON', faults: noFaults } as const;
  return completeJourney(journey, session, choice, provider);
}

/** The person who needs no page: the one of the control, or the one who is signed in at One Login already. */
function findPersonWithoutPage(journey: Journey, session: BrowserSession, provider: Provider) {
  const chosen = provider.behaviour.current.signInAutomaticallyAs;
  if (chosen !== null) return provider.people.find(chosen);
  const { request } = journey;
  if (request.prompt.includes('login') || request.trust.levels.length > 0) return undefined;
  return findSufficientSignIn(session, request, provider)?.person;
}
