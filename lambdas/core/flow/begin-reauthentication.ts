import { type BegunAuthentication, beginAuthentication } from './begin-authentication.ts';
import { type BeginLoginDependencies, type BeginLoginRequest, prepareAuthentication } from './begin-login.ts';
import { chooseJourney, keepLevel } from './journey.ts';

/**
 * Makes the user sign in again: `prompt=login` with the session's ID token as the hint, so that One Login requires the
 * same user. A user without a session signs in as usual. The request never requires less than the session has reached.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/re-authenticate-your-users/
 * @throws RelyingPartyError `journey_unknown`
 */
export async function beginReauthentication(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication> {
  const journey = chooseJourney(dependencies.settings, 'reauthenticate', request.journeys);
  const { session, ...asked } = await prepareAuthentication(dependencies, request);
  return beginAuthentication(dependencies, {
    ...asked,
    journey: { ...journey, vtr: keepLevel(journey.vtr, session) },
    ...(session ? { purpose: 'reauthenticate', idTokenHint: session.idToken } : { purpose: 'login' }),
  });
}
