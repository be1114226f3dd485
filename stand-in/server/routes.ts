import { answerAuthorizationRequest } from '../authorize/authorize.ts';
import { endpointPaths } from '../behaviour/endpoint-fault.ts';
import { didDocument, discoveryDocument, jwksDocument, trustmarkDocument } from '../documents/documents.ts';
import { answerLogoutRequest } from '../logout/logout.ts';
import { logoutErrorPage, signedOutPage, startPage } from '../pages/plain-pages.ts';
import type { Provider } from '../provider.ts';
import { followEmailLink, showInPersonPage } from '../sign-in/in-person.ts';
import { finishSignIn, showSignInPage } from '../sign-in/sign-in.ts';
import { answerTokenRequest } from '../token/token.ts';
import { answerUserinfoRequest } from '../userinfo/userinfo.ts';
import type { Answer, Received } from './message.ts';

/** Responds to a request. @throws Refusal */
export type Handler = (received: Received, provider: Provider) => Answer | Promise<Answer>;

/** The handlers of a path by method. */
export type Route = Readonly<Partial<Record<string, Handler>>>;

/** Every path except those below `/control`: the endpoints of One Login, then the pages. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  [endpointPaths.authorize, { GET: answerAuthorizationRequest }],
  [endpointPaths.token, { POST: answerTokenRequest }],
  [endpointPaths.userinfo, { GET: answerUserinfoRequest }],
  [endpointPaths.logout, { GET: answerLogoutRequest }],
  [endpointPaths.discovery, { GET: (_received, provider) => discoveryDocument(provider) }],
  [endpointPaths.jwks, { GET: (_received, provider) => jwksDocument(provider) }],
  [endpointPaths.did, { GET: (_received, provider) => didDocument(provider) }],
  [endpointPaths.trustmark, { GET: (_received, provider) => trustmarkDocument(provider) }],
  ['/sign-in', { GET: showSignInPage, POST: finishSignIn }],
  ['/signed-out', { GET: () => signedOutPage() }],
  ['/logout-error', { GET: ({ parameters }) => showLogoutError(parameters) }],
  ['/in-person', { GET: showInPersonPage }],
  ['/in-person/e-mail', { GET: followEmailLink }],
  ['/', { GET: (_received, provider) => startPage(provider.client.clientId, provider.refusals.records) }],
]);

function showLogoutError(parameters: ReadonlyMap<string, string>): Answer {
  return logoutErrorPage(parameters.get('error_code') ?? '', parameters.get('error_description') ?? '');
}
