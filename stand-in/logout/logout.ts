import { readIdTokenHint } from '../keys/id-token-hint.ts';
import type { SigningKey } from '../keys/key-ring.ts';
import type { Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { endBrowserSession } from '../sign-in/authentication.ts';
import { findSession, noSessionCookie } from '../sign-in/browser-sessions.ts';

/**
 * The end-session endpoint (docs/one-login.md, 5). The browser's session ends first, also when the parameters have a fault.
 * A fault is never a redirect to the service.
 *
 * @throws Refusal a redirect to a page of the stand-in
 */
export async function answerLogoutRequest(received: Received, provider: Provider): Promise<Answer> {
  const session = findSession(received, provider);
  if (session !== undefined) endBrowserSession(session, provider);
  const state = received.parameters.get('state');
  const location = await chooseDestination(received.parameters, provider, state);
  const answer = redirectAnswer(location, { state });
  return withHeader(answer, 'set-cookie', noSessionCookie(provider));
}

async function chooseDestination(
  parameters: ReadonlyMap<string, string>,
  provider: Provider,
  state: string | undefined,
): Promise<string> {
  const signedOut = `${provider.url}/signed-out`;
  const text = parameters.get('id_token_hint');
  if (text === undefined) return signedOut;
  const refuse = refuseTo(provider, state);
  const hint = await readIdTokenHint(text, ({ alg }) => findCurrentKey(alg, provider));
  if (hint === undefined) {
    throw refuse(
      'logout_hint_invalid',
      'id_token_hint is not an ID token signed by the current key; an expired one is accepted',
      'invalid_request',
      'unable to validate id_token_hint',
    );
  }
  if (hint.audience === undefined || hint.subject === undefined) return signedOut;
  if (hint.audience !== provider.client.clientId) {
    throw refuse(
      'logout_hint_of_other_client',
      'id_token_hint was issued to a client that is not registered',
      'unauthorized_client',
      'client not found',
    );
  }
  const uri = parameters.get('post_logout_redirect_uri');
  if (uri === undefined) return signedOut;
  if (provider.client.postLogoutRedirectUris.includes(uri)) return uri;
  throw refuse(
    'post_logout_redirect_uri_unregistered',
    `the post_logout_redirect_uri ${uri} is not registered`,
    'invalid_request',
    'client registry does not contain post_logout_redirect_uri',
  );
}

function refuseTo(provider: Provider, state: string | undefined) {
  return (code: string, reason: string, error_code: string, error_description: string): Refusal => {
    const answer = redirectAnswer(`${provider.url}/logout-error`, { error_code, error_description, state });
    return new Refusal(code, reason, withHeader(answer, 'set-cookie', noSessionCookie(provider)));
  };
}

/** As in One Login, only the current key is accepted. */
function findCurrentKey(algorithm: string | undefined, { keys }: Provider): SigningKey | undefined {
  return (algorithm === 'RS256' ? keys.rs256 : keys.es256)?.signing;
}
