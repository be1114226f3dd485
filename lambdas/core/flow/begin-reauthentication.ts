import { type BegunAuthentication, beginAuthentication } from './begin-authentication.ts';
import { type BeginLoginDependencies, type BeginLoginRequest, prepareAuthentication } from './begin-login.ts';

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
  const { session, ...asked } = await prepareAuthentication(dependencies, request);
  return beginAuthentication(dependencies, {
    ...asked,
    vtr: dependencies.settings.vtr,
    ...(session ? { purpose: 'reauthenticate', idTokenHint: session.idToken } : { purpose: 'login' }),
  });
}
