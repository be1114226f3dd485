import { randomUUID } from 'node:crypto';
import type { IdentityOutcome } from '../behaviour/behaviour.ts';
import type { Person } from '../people/person.ts';
import type { Provider } from '../provider.ts';
import { type Answer, redirectAnswer } from '../server/message.ts';
import type { ChosenFaults } from '../token/faults.ts';
import { endBrowserSession, signInAtProvider } from './authentication.ts';
import { type AuthorizationErrorName, authorizationErrors } from './authorization-errors.ts';
import type { BrowserSession, Journey } from './browser-sessions.ts';
import { checkIdentity } from './identity-check.ts';

/** The person who signs in, the outcome of the identity check, and the faults of the tokens. */
export interface SignInChoice {
  readonly person: Person;
  readonly identity: IdentityOutcome;
  readonly faults: ChosenFaults;
}

/** Ends a journey with a code, with an error, or with the page for a check at the Post Office. */
export function completeJourney(
  journey: Journey,
  session: BrowserSession,
  choice: SignInChoice,
  provider: Provider,
): Answer {
  const { request } = journey;
  if (!mayReauthenticate(journey, choice.person, provider)) {
    return failJourney(journey, session, 'LOGIN_REQUIRED', provider);
  }
  const { authTime } = signInAtProvider(session, choice.person, request, provider);
  const outcome = chooseIdentityOutcome(journey, choice, provider);
  const check = checkIdentity(choice.person, request, outcome, provider.people);
  if (check.kind === 'access_denied') return failJourney(journey, session, 'ACCESS_DENIED', provider);
  if (check.kind === 'in_person') {
    return redirectAnswer(`${provider.url}/in-person`, { person: choice.person.id });
  }
  const code = provider.codes.add({
    request,
    person: choice.person,
    sid: randomUUID(),
    authTime,
    faults: choice.faults,
    ...(check.kind === 'finished' ? { identity: { ...check.result, storedAt: provider.clock.now() } } : {}),
  });
  session.issuedCodes.push(choice.person.sub);
  return redirectAnswer(request.redirectUri, { code, state: request.state });
}

/** Ends a journey with an error at the redirect URI. A failed re-authentication ends the session as well. */
export function failJourney(
  journey: Journey,
  session: BrowserSession,
  error: AuthorizationErrorName,
  provider: Provider,
): Answer {
  if (error === 'LOGIN_REQUIRED') endBrowserSession(session, provider);
  const { redirectUri, state } = journey.request;
  return redirectAnswer(redirectUri, { ...authorizationErrors[error], state });
}

/** The choice for this sign-in has priority over the control. */
function chooseIdentityOutcome(
  { request }: Journey,
  choice: SignInChoice,
  provider: Provider,
): IdentityOutcome {
  if (choice.identity !== 'AS_THE_PERSON' || request.trust.levels.length === 0) return choice.identity;
  return provider.behaviour.take('identity') ?? 'AS_THE_PERSON';
}

function mayReauthenticate({ request }: Journey, person: Person, provider: Provider): boolean {
  if (request.reauthenticate === undefined) return true;
  const behaviour = provider.behaviour.current.reauthentication;
  if (behaviour === 'FAILS') return false;
  return behaviour === 'ANY_USER' || person.sub === request.reauthenticate;
}
