import { badRequest } from '../authorize/refusals.ts';
import { type IdentityOutcome, identityOutcomes } from '../behaviour/behaviour.ts';
import { pageRefusal } from '../pages/plain-pages.ts';
import { signInPage } from '../pages/sign-in-page.ts';
import type { Provider } from '../provider.ts';
import { type Answer, parseParameters, type Received, redirectAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { findSufficientSignIn } from './authentication.ts';
import {
  type AuthorizationErrorName,
  authorizationErrorNames,
  authorizationErrors,
} from './authorization-errors.ts';
import { findSession, type Journey } from './browser-sessions.ts';
import { applyChosenFault } from './chosen-fault.ts';
import { completeJourney, failJourney, type SignInChoice } from './complete-journey.ts';

/** `GET /sign-in`: the page. @throws Refusal a page when the journey is unknown or took too long */
export function showSignInPage(received: Received, provider: Provider): Answer {
  const journey = findJourney(received.parameters.get('journey'), provider);
  const session = findSession(received, provider);
  const signedIn =
    session === undefined || journey.request.prompt.includes('login')
      ? undefined
      : findSufficientSignIn(session, journey.request, provider);
  return signInPage({
    journey,
    client: provider.client,
    people: provider.people.all,
    signedInAs: signedIn?.person,
  });
}

/**
 * `POST /sign-in`: the choice on the page. A browser that has begun another journey since, in another tab, gets
 * `access_denied` with that journey's state. A browser without the session gets it with this journey's state.
 *
 * @throws Refusal
 */
export function finishSignIn(received: Received, provider: Provider): Answer {
  const form = parseParameters(received.body);
  const journey = findJourney(form.get('journey'), provider);
  const session = findSession(received, provider);
  if (session?.currentJourney?.id !== journey.id) {
    throw sessionLost(session?.currentJourney ?? journey);
  }
  const error = form.get('error');
  const answer =
    error === undefined
      ? completeJourney(journey, session, readChoice(form, provider), provider)
      : failJourney(journey, session, readErrorName(error), provider);
  return { ...answer, status: 303 };
}

function readChoice(form: ReadonlyMap<string, string>, provider: Provider): SignInChoice {
  const person = provider.people.find(form.get('person') ?? '');
  if (person === undefined) throw badChoice('the form has no known person and no error');
  const identity = readIdentityOutcome(form.get('identity'));
  return { person, identity, faults: applyChosenFault(form.get('fault'), provider.behaviour) };
}

function findJourney(id: string | undefined, provider: Provider): Journey {
  const journey = provider.journeys.find(id);
  if (journey !== undefined) return journey;
  const reason = 'there is no such journey, or it began more than two hours ago';
  throw pageRefusal(400, 'Your session has ended', 'journey_unknown', reason);
}

function sessionLost({ request }: Journey): Refusal {
  return new Refusal(
    'session_lost',
    'this browser began another journey since, or is not the one in which this journey began',
    redirectAnswer(
      request.redirectUri,
      { ...authorizationErrors.ACCESS_DENIED_SESSION_LOST, state: request.state },
      303,
    ),
  );
}

function readErrorName(value: string): AuthorizationErrorName {
  const name = authorizationErrorNames.find((candidate) => candidate === value);
  if (name === undefined) throw badChoice(`there is no error ${value}`);
  return name;
}

function readIdentityOutcome(value: string | undefined): IdentityOutcome {
  const outcome = identityOutcomes.find((candidate) => candidate === (value ?? 'AS_THE_PERSON'));
  if (outcome === undefined) throw badChoice(`there is no outcome ${value} of an identity check`);
  return outcome;
}

function badChoice(reason: string): Refusal {
  return badRequest('sign_in_choice_invalid', reason);
}
