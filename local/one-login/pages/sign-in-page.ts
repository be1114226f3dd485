import { type IdentityOutcome, identityOutcomes } from '../behaviour/behaviour.ts';
import type { Person } from '../people/person.ts';
import type { ClientRegistration } from '../registration.ts';
import type { Answer } from '../server/message.ts';
import { authorizationErrorNames, authorizationErrors } from '../sign-in/authorization-errors.ts';
import { type FaultGroup, faultMenu, faultValue } from '../sign-in/chosen-fault.ts';
import type { Journey } from '../sign-in/journeys.ts';
import { type Html, html } from './html.ts';
import { pageAnswer } from './layout.ts';

/** What the sign-in page offers. */
export interface SignInPage {
  readonly journey: Journey;
  readonly client: ClientRegistration;
  readonly people: readonly Person[];
  /** Who is signed in already and needs only prove their identity. */
  readonly signedInAs: Person | undefined;
}

/**
 * The page on which one chooses who to be, how it ends, and what goes wrong. It is one form: a person or an error is
 * a button, so that a sign-in takes one click and a faulty one two.
 */
export function signInPage(page: SignInPage): Answer {
  const forIdentity = page.journey.request.trust.levels.length > 0;
  return pageAnswer(
    200,
    forIdentity ? 'Prove who you are' : 'Sign in',
    html`<form method="post" action="/sign-in">
<input type="hidden" name="journey" value="${page.journey.id}">
${peopleChoice(page)}
${forIdentity ? identityChoice() : ''}
${errorChoice()}
${faultChoice(forIdentity)}
</form>
${requestSummary(page)}`,
  );
}

function peopleChoice({ people, signedInAs }: SignInPage): Html {
  if (signedInAs !== undefined) {
    return html`<fieldset><legend>You are signed in</legend>
<button name="person" value="${signedInAs.id}">Go on as ${signedInAs.label}</button>
</fieldset>`;
  }
  return html`<fieldset><legend>Sign in as</legend>
${people.map((person) => html`<button name="person" value="${person.id}">${person.label}</button>\n`)}
</fieldset>`;
}

const identityLabels: Readonly<Record<IdentityOutcome, string>> = {
  AS_THE_PERSON: 'whatever the person is there for',
  PROVED: 'proved',
  PROVED_WITH_RETURN_CODES: 'proved, with return codes',
  NOT_PROVED_WITH_RETURN_CODES: 'not proved, with return codes',
  NOT_PROVED_WITHOUT_RETURN_CODES: 'not proved, without return codes',
  ACCESS_DENIED: 'access_denied',
  IN_PERSON: 'the person has to go to a Post Office',
};

function identityChoice(): Html {
  return html`<fieldset><legend>The identity check comes to</legend>
${identityOutcomes.map((outcome) => radio('identity', outcome, identityLabels[outcome], outcome === 'AS_THE_PERSON'))}
</fieldset>`;
}

function errorChoice(): Html {
  return html`<fieldset><legend>Or go back with an error</legend>
${authorizationErrorNames.map((name) => {
  const { error, ...rest } = authorizationErrors[name];
  const description = 'error_description' in rest ? `“${rest.error_description}”` : 'no description';
  return html`<button name="error" value="${name}">${error} – ${description}</button>\n`;
})}
</fieldset>`;
}

const faultLabels: Readonly<Record<FaultGroup, string>> = {
  id_token: 'ID token',
  userinfo: 'userinfo',
  core_identity: 'core identity',
  endpoint: 'endpoint',
};

function faultChoice(forIdentity: boolean): Html {
  const groups = (Object.keys(faultMenu) as FaultGroup[]).filter(
    (group) => forIdentity || group !== 'core_identity',
  );
  return html`<fieldset><legend>What goes wrong when you sign in</legend>
${radio('fault', 'none', 'nothing', true)}
${groups.flatMap((group) =>
  faultMenu[group].map((name) =>
    radio('fault', faultValue(group, name), `${faultLabels[group]}: ${name}`, false),
  ),
)}
</fieldset>`;
}

function radio(name: string, value: string, label: string, checked: boolean): Html {
  const state = checked ? html` checked` : html``;
  return html`<label><input type="radio" name="${name}" value="${value}"${state}> ${label}</label>\n`;
}

function requestSummary({ journey, client }: SignInPage): Html {
  const { request } = journey;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Client', client.clientId],
    ['Redirect URI', request.redirectUri],
    ['Scopes', request.scopes.join(' ')],
    ['Trust', [request.trust.credential, ...request.trust.levels].join(' ')],
    ['Claims', request.claims.join(' ')],
    ['prompt', request.prompt.join(' ')],
    ['max_age', request.maxAge?.toString()],
    ['ui_locales', request.uiLocales],
    ['Re-authentication of', request.reauthenticate],
  ];
  return html`<h2>What your service asked for</h2>
<dl>
${rows.map(([name, value]) =>
  value === undefined || value === '' ? html`` : html`<dt>${name}</dt><dd>${value}</dd>\n`,
)}
</dl>`;
}
