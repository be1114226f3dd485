import type { Language } from '../core/language.ts';
import type { ApiPath, Path } from '../example-service-pages.ts';
import { type Html, html } from './html.ts';
import type { Links } from './links.ts';
import { texts } from './texts.ts';
import type { User } from './user.ts';
import { readFields, readProvedName, renderSessionTimes, renderUserDetails } from './user-details.ts';

export interface PageRequest {
  readonly language: Language;
  readonly links: Links;
  /** Undefined when the user is not signed in. */
  readonly user: User | undefined;
  readonly serviceName: string;
  /** The paths of the protected API that exist. */
  readonly apiPaths: readonly ApiPath[];
}

/** A page or a redirect. */
export type PageAnswer =
  | { readonly kind: 'page'; readonly status: number; readonly title: string; readonly content: Html }
  | { readonly kind: 'redirect'; readonly location: string };

export const pages: Readonly<Record<Path, (request: PageRequest) => PageAnswer>> = {
  '/': ({ user, ...request }) => (user === undefined ? start(request) : details(user, request)),
  '/account': account,
  '/application': application,
  '/identity-result': identityResult,
  '/session': session,
};

/** For when it is unknown whether the user is signed in: the user is neither let in nor redirected. */
export function problemPage(language: Language): PageAnswer {
  const words = texts[language];
  return page(503, words.problemTitle, html`<p class="govuk-body">${words.problemText}</p>`);
}

type Anonymous = Omit<PageRequest, 'user'>;

/** The design system's start page. */
function start({ language, links, serviceName, apiPaths }: Anonymous): PageAnswer {
  const words = texts[language];
  return page(
    200,
    serviceName,
    html`<p class="govuk-body">${words.serviceLead}</p>
<ul class="govuk-list govuk-list--bullet">
${words.serviceUses.map((use) => html`<li>${use}</li>`)}
</ul>
<a href="${links.begin('login', '/')}" role="button" draggable="false" class="govuk-button govuk-button--start">${words.startNow}<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg></a>
<h2 class="govuk-heading-m">${words.beforeYouStart}</h2>
<p class="govuk-body">${words.demonstration}</p>
${protectedApi(apiPaths, links, language)}`,
  );
}

function details(user: User, { language, links, apiPaths }: Anonymous): PageAnswer {
  const words = texts[language];
  return page(
    200,
    words.signedInTitle,
    html`<p class="govuk-body">${words.signedInText}</p>
${renderUserDetails(user, language)}
${protectedApi(apiPaths, links, language)}`,
  );
}

/** Links to the API, with what is needed to be let in. */
function protectedApi(paths: readonly ApiPath[], links: Links, language: Language): Html | undefined {
  const words = texts[language];
  if (paths.length === 0) return undefined;
  return html`<h2 class="govuk-heading-m">${words.apiTitle}</h2>
<p class="govuk-body">${words.apiText}</p>
<ul class="govuk-list govuk-list--bullet">
${paths.map((path) => html`<li><a href="${links.api(path)}" class="govuk-link">${words.apiLinks[path]}</a></li>`)}
</ul>
<p class="govuk-body">${words.apiRefusals}</p>`;
}

/** For users who are signed in. Others are redirected to sign in, and return here. */
function account({ user, language, links }: PageRequest): PageAnswer {
  if (user === undefined) return { kind: 'redirect', location: links.begin('login', '/account') };
  const words = texts[language];
  return page(
    200,
    words.accountTitle,
    html`<p class="govuk-body">${words.accountText} <strong class="govuk-!-text-break-word">${String(user['email'] ?? user['sub'])}</strong>.</p>`,
  );
}

/** For users with a proved identity. Others can prove it from here. */
function application({ user, language, links }: PageRequest): PageAnswer {
  const words = texts[language];
  const name = user && readProvedName(user);
  if (name === undefined) {
    return page(
      403,
      words.proveTitle,
      html`<p class="govuk-body">${words.proveText}</p>
${button(links.begin('prove-identity', '/application'), words.prove)}`,
    );
  }
  return page(200, words.application, html`<p class="govuk-body">${words.applicationName} ${name}.</p>`);
}

/** The page for users after an in-person check, when One Login has shown its result. */
function identityResult({ user, language, links }: PageRequest): PageAnswer {
  if (user === undefined) return { kind: 'redirect', location: links.begin('login', '/identity-result') };
  const words = texts[language];
  const outcome = readFields(user['identity'])['outcome'];
  if (outcome === 'proved') {
    return page(
      200,
      words.resultTitle,
      html`<p class="govuk-body">${words.resultProved}</p>
${button(links.page('/application'), words.continueToApplication)}`,
    );
  }
  const wasAsked = outcome === 'not_proved';
  return page(
    200,
    words.resultTitle,
    html`<p class="govuk-body">${wasAsked ? words.resultNotProved : words.resultNotRequested}</p>
${button(links.begin('prove-identity', '/identity-result'), wasAsked ? words.tryAgain : words.prove)}`,
  );
}

/** Shows how long the session lasts, without extending it. */
function session({ user, language, links }: PageRequest): PageAnswer {
  const words = texts[language];
  if (user === undefined) {
    return page(
      200,
      words.signedOutTitle,
      html`<p class="govuk-body">${words.signedOutText}</p>
${button(links.begin('login', '/'), words.signInAgain)}`,
    );
  }
  return page(
    200,
    words.sessionTitle,
    html`<p class="govuk-body">${words.sessionText}</p>
${renderSessionTimes(readFields(user['session']), language)}
${button(links.page('/'), words.staySignedIn)}`,
  );
}

function page(status: number, title: string, content: Html): PageAnswer {
  return { kind: 'page', status, title, content };
}

function button(href: string, text: string): Html {
  return html`<a href="${href}" role="button" draggable="false" class="govuk-button">${text}</a>`;
}
