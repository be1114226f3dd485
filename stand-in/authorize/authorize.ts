import type { Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader } from '../server/message.ts';
import { findSufficientSignIn } from '../sign-in/authentication.ts';
import { type BrowserSession, sessionCookie, sessionCookieName } from '../sign-in/browser-sessions.ts';
import { completeJourney, failJourney } from '../sign-in/complete-journey.ts';
import type { Journey } from '../sign-in/journeys.ts';
import { noFaults } from '../token/grants.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { readIdTokenHint } from './id-token-hint.ts';
import { readOuterParameters } from './outer-parameters.ts';
import { refuseByRedirectTo, withParameters } from './refusals.ts';
import { readRequestClaims } from './request-claims.ts';
import { openRequestObject } from './request-object.ts';

/**
 * The authorization endpoint (docs/one-login.md, 1): checks the request and begins a journey, which continues on the sign-in
 * page if the user must choose.
 *
 * @throws Refusal
 */
export async function answerAuthorizationRequest(received: Received, provider: Provider): Promise<Answer> {
  const request = await readAuthorizationRequest(received, provider);
  const session = provider.sessions.resume(received.cookies.get(sessionCookieName(provider.port)));
  const journey = provider.journeys.begin(request);
  session.currentJourney = journey;
  const answer = beginJourney(journey, session, provider);
  return withHeader(answer, 'set-cookie', sessionCookie(provider.port, session));
}

async function readAuthorizationRequest(
  received: Received,
  provider: Provider,
): Promise<AuthorizationRequest> {
  const outer = readOuterParameters(received, provider.client);
  const claims = await openRequestObject(outer.request, provider.clientKeys, provider.clock.now());
  const context = { client: provider.client, outer, authorizationEndpoint: `${provider.url}/authorize` };
  const request = readRequestClaims(claims, context);
  const hint = claims['id_token_hint'];
  if (hint === undefined || !request.prompt.includes('login')) return request;
  const refuse = refuseByRedirectTo(request.redirectUri, request.state);
  return { ...request, reauthenticate: await readIdTokenHint(hint, provider, refuse) };
}

function beginJourney(journey: Journey, session: BrowserSession, provider: Provider): Answer {
  const error = provider.behaviour.take('authorizationError');
  if (error !== undefined) return failJourney(journey, session, error, provider, 302);
  const person = findPersonWithoutPage(journey, session, provider);
  if (person === undefined) {
    return redirectAnswer(withParameters(`${provider.url}/sign-in`, { journey: journey.id }));
  }
  const choice = { person, identity: 'AS_THE_PERSON', faults: noFaults } as const;
  return completeJourney(journey, session, choice, provider, 302);
}

/** The person who needs no page: the one of the control, or the one who is signed in at One Login already. */
function findPersonWithoutPage(journey: Journey, session: BrowserSession, provider: Provider) {
  const chosen = provider.behaviour.current.signInAutomaticallyAs;
  if (chosen !== null) return provider.people.find(chosen);
  const { request } = journey;
  if (request.prompt.includes('login') || request.trust.levels.length > 0) return undefined;
  return findSufficientSignIn(session, request, provider)?.person;
}
