import { type BegunAuthentication, beginAuthentication } from './begin-authentication.ts';
import type { BeginLoginDependencies, BeginLoginRequest } from './begin-login.ts';
import { readSession } from './read-session.ts';
import { validateReturnTo } from './return-to.ts';
import { chooseLanguage } from './session-language.ts';

/**
 * Makes the user sign in again: `prompt=login` with the session's ID token as the hint, so that One Login requires the
 * same user. A user without a session signs in as usual.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/re-authenticate-your-users/
 */
export async function beginReauthentication(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication> {
  const { settings } = dependencies;
  const { sessionCredential, browserSecret } = request;
  const session = await readSession(dependencies, sessionCredential);
  const asked = {
    browserSecret,
    repeats: request.repeats,
    language: chooseLanguage(request, session),
    vtr: settings.vtr,
    ...(sessionCredential ? { subjectKey: sessionCredential.subjectKey } : {}),
    returnTo: validateReturnTo(request.returnTo, settings),
  };
  if (session === undefined) {
    return beginAuthentication(dependencies, { ...asked, purpose: 'login' });
  }
  return beginAuthentication(dependencies, {
    ...asked,
    purpose: 'reauthenticate',
    idTokenHint: session.payload.idToken,
  });
}
