import { type IdentityOutcome, identityOutcomes } from '../behaviour/behaviour.ts';
import type { Person } from '../people/person.ts';
import type { ClientRegistration } from '../registration.ts';
import type { Answer } from '../server/message.ts';
import { authorizationErrorNames, authorizationErrors } from '../sign-in/authorization-errors.ts';
import type { Journey } from '../sign-in/browser-sessions.ts';
import { buildFaultValue, type FaultGroup, faultMenu } from '../sign-in/chosen-fault.ts';
import { type Html, html } from './html.ts';
import { pageAnswer } from './layout.ts';

/** The contents of the sign-in page. */
export interface SignInPage {
  readonly journey: Journey;
  readonly client: ClientRegistration;
  readonly people: readonly Person[];
  /** The person who is signed in already and only proves their identity. */
  readonly signedInAs: Person | undefined;
}

/**
 * The page with the choice of a person, an outcome and a fault. It is one form in which each person and each error is a
 * button: a sign-in takes one click, and two with an outcome or a fault.
 */
export function signInPage(page: SignInPage): Answer {
  const forIdentity = page.journey.request.trust.levels.length > 0;
  return pageAnswer({
    title: forIdentity ? 'Prove your identity' : 'Sign in',
    content: html`${introduction(forIdentity)}
<form method="post" action="/sign-in">
<input type="hidden" name="journey" value="${page.journey.id}">
${peopleChoice(page)}
${forIdentity ? identityChoice() : ''}
${errorChoice()}
${faultChoice(forIdentity)}
</form>
${requestSummary(page)}`,
  });
}

/** The buttons are first, because most sign-ins are one click. The text links to the choices that come before them. */
function introduction(forIdentity: boolean): Html {
  const outcome = html`<a href="#identity">the result of the identity check</a> or `;
  return html`<p>Choose a person to sign in and return to your service. To test something else, first choose
${forIdentity ? outcome : ''}<a href="#faults">a fault</a>, then the person. You can also <a href="#errors">return with an
error</a>.</p>`;
}

function peopleChoice({ people, signedInAs }: SignInPage): Html {
  if (signedInAs !== undefined) {
    return group('people', 'You are signed in', [
      html`<button name="person" value="${signedInAs.id}">Continue as ${signedInAs.label}</button>\n`,
    ]);
  }
  return group(
    'people',
    'Sign in as',
    people.map((person) => html`<button name="person" value="${person.id}">${person.label}</button>\n`),
  );
}

const identityLabels: Readonly<Record<IdentityOutcome, string>> = {
  AS_THE_PERSON: 'As usual for the person',
  PROVED: 'Proved',
  PROVED_WITH_RETURN_CODES: 'Proved, with return codes',
  NOT_PROVED_WITH_RETURN_CODES: 'Not proved, with return codes',
  NOT_PROVED_WITHOUT_RETURN_CODES: 'Not proved, without return codes',
  ACCESS_DENIED: 'access_denied',
  IN_PERSON: 'The person must go to a Post Office',
};

function identityChoice(): Html {
  return group(
    'identity',
    'Result of the identity check',
    identityOutcomes.map((outcome) =>
      radio('identity', outcome, identityLabels[outcome], outcome === 'AS_THE_PERSON'),
    ),
  );
}

function errorChoice(): Html {
  const buttons = authorizationErrorNames.map((name) => {
    const { error, ...rest } = authorizationErrors[name];
    const description = 'error_description' in rest ? describe(rest.error_description) : 'no description';
    return html`<button name="error" value="${name}">${error} – ${description}</button>\n`;
  });
  return group('errors', 'Or return with an error', buttons);
}

function describe(description: string): string {
  return description === '' ? 'an empty description' : `“${description}”`;
}

const faultLabels: Readonly<Record<FaultGroup, string>> = {
  id_token: 'In the ID token',
  userinfo: 'In the userinfo',
  core_identity: 'In the core identity',
  endpoint: 'At an endpoint',
};

function faultChoice(forIdentity: boolean): Html {
  const groups = (Object.keys(faultMenu) as FaultGroup[]).filter(
    (name) => forIdentity || name !== 'core_identity',
  );
  return html`<fieldset id="faults"><legend><h2>Fault in this sign-in</h2></legend>
${radio('fault', 'none', 'No fault', true)}
${groups.map(
  (name) => html`<fieldset><legend>${faultLabels[name]}</legend>
<div class="choices">
${faultMenu[name].map((fault) => radio('fault', buildFaultValue(name, fault), fault, false))}</div>
</fieldset>\n`,
)}</fieldset>`;
}

function group(id: string, legend: string, choices: readonly Html[]): Html {
  return html`<fieldset id="${id}"><legend><h2>${legend}</h2></legend>
<div class="choices">
${choices}</div>
</fieldset>`;
}

function radio(name: string, value: string, label: string, checked: boolean): Html {
  const state = checked ? html` checked` : html``;
  return html`<label><input type="radio" name="${name}" value="${value}"${state}> <span>${label}</span></label>\n`;
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
  return html`<h2>What your service requested</h2>
<dl>
${rows.map(([name, value]) =>
  value === undefined || value === '' ? html`` : html`<dt>${name}</dt><dd>${value}</dd>\n`,
)}
</dl>`;
}
