import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { withParameters } from '../authorize/refusals.ts';
import type { Provider } from '../provider.ts';
import { type Answer, type Received, redirectAnswer, withHeader } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';
import { endBrowserSession } from '../sign-in/authentication.ts';
import { noSessionCookie, sessionCookieName } from '../sign-in/browser-sessions.ts';

/**
 * The end-session endpoint (docs/one-login.md, 5). The browser's session ends first, also when the parameters have a fault.
 * A fault is never a redirect to the service.
 *
 * @throws Refusal a redirect to a page of the stand-in
 */
export async function answerLogoutRequest(received: Received, provider: Provider): Promise<Answer> {
  const session = provider.sessions.find(received.cookies.get(sessionCookieName(provider.port)));
  if (session !== undefined) endBrowserSession(session, provider);
  const state = received.parameters.get('state');
  const location = await chooseDestination(received.parameters, provider, state);
  const answer = redirectAnswer(withParameters(location, { state }));
  return withHeader(answer, 'set-cookie', noSessionCookie(provider.port));
}

async function chooseDestination(
  parameters: ReadonlyMap<string, string>,
  provider: Provider,
  state: string | undefined,
): Promise<string> {
  const signedOut = `${provider.url}/signed-out`;
  const hint = parameters.get('id_token_hint');
  if (hint === undefined) return signedOut;
  const refuse = refuseTo(provider, state);
  if (!(await isSignedByCurrentKey(hint, provider))) {
    throw refuse(
      'logout_hint_invalid',
      'id_token_hint is not an ID token signed by the current key; an expired one is accepted',
      'invalid_request',
      'unable to validate id_token_hint',
    );
  }
  const { aud, sub } = decodeJwt(hint);
  const audience = Array.isArray(aud) ? aud[0] : aud;
  if (audience === undefined || sub === undefined) return signedOut;
  if (audience !== provider.client.clientId) {
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
    const page = withParameters(`${provider.url}/logout-error`, { error_code, error_description, state });
    const answer = withHeader(redirectAnswer(page), 'set-cookie', noSessionCookie(provider.port));
    return new Refusal(code, reason, answer);
  };
}

/** As in One Login, only the current key is accepted, and the times in the token are ignored. */
async function isSignedByCurrentKey(hint: string, provider: Provider): Promise<boolean> {
  try {
    const ring = decodeProtectedHeader(hint).alg === 'RS256' ? provider.keys.rs256 : provider.keys.es256;
    if (ring === undefined) return false;
    await compactVerify(hint, ring.signing.publicKey, { algorithms: [ring.signing.algorithm] });
    decodeJwt(hint);
    return true;
  } catch {
    return false;
  }
}
