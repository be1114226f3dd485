import { withParameters } from '../authorize/refusals.ts';
import { inPersonPage } from '../pages/plain-pages.ts';
import { problemPage } from '../pages/problem-page.ts';
import { type InPersonResult, inPersonResults } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { sessionCookie, sessionCookieName } from './browser-sessions.ts';

/** `GET /in-person`: the page for a check at the Post Office. @throws Refusal */
export function showInPersonPage(received: Received, provider: Provider): Answer {
  const person = findPerson(received, provider);
  return inPersonPage(person, {
    proved: buildEmailLink(provider, person, 'PROVED'),
    notProved: buildEmailLink(provider, person, 'NOT_PROVED'),
  });
}

/** The link in the email after the check. */
export function buildEmailLink(provider: Provider, person: Person, result: InPersonResult): string {
  return withParameters(`${provider.url}/in-person/e-mail`, { person: person.id, result });
}

/**
 * `GET /in-person/e-mail`: signs the user in at One Login and redirects to the landing page of the service
 * (docs/one-login.md, 4). The next identity check has the result.
 *
 * @throws Refusal when the service has no landing page
 */
export function followEmailLink(received: Received, provider: Provider): Answer {
  const person = findPerson(received, provider);
  const result = inPersonResults.find((candidate) => candidate === received.parameters.get('result'));
  const landingPage = provider.client.landingPageUrl;
  if (landingPage === undefined) throw refuse('landing_page_missing', 'the client has no landing page URL');
  provider.people.finishInPersonCheck(person, result ?? 'PROVED');
  const session = provider.sessions.resume(received.cookies.get(sessionCookieName(provider.port)));
  session.signedIn = { person, authTime: nowInSeconds(provider), credential: 'Cl.Cm' };
  return withHeader(redirectAnswer(landingPage), 'set-cookie', sessionCookie(provider.port, session));
}

function findPerson(received: Received, provider: Provider): Person {
  const person = provider.people.find(received.parameters.get('person') ?? '');
  if (person === undefined) throw refuse('person_unknown', 'there is no such person');
  return person;
}

function refuse(code: string, reason: string): Refusal {
  return new Refusal(code, reason, problemPage(400, 'Invalid request', code, reason));
}
