import { badRequest } from '../authorize/refusals.ts';
import { inPersonPage } from '../pages/plain-pages.ts';
import { type InPersonResult, inPersonResults } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader, withParameters } from '../server/message.ts';
import { resumeSession, sessionCookie } from './browser-sessions.ts';

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
  if (landingPage === undefined)
    throw badRequest('landing_page_missing', 'the client has no landing page URL');
  provider.people.finishInPersonCheck(person, result ?? 'PROVED');
  const session = resumeSession(received, provider);
  session.signedIn = { person, authTime: nowInSeconds(provider), credential: 'Cl.Cm' };
  return withHeader(redirectAnswer(landingPage), 'set-cookie', sessionCookie(provider, session));
}

function findPerson(received: Received, provider: Provider): Person {
  const person = provider.people.find(received.parameters.get('person') ?? '');
  if (person === undefined) throw badRequest('person_unknown', 'there is no such person');
  return person;
}
