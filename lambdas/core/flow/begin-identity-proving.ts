import { RelyingPartyError, type StartAgain } from '../errors.ts';
import type { Language } from '../language.ts';
import type { SessionCredential } from '../session/session-key.ts';
import { type BegunAuthentication, beginAuthentication } from './begin-authentication.ts';
import {
  type AlreadySignedIn,
  type BeginLoginDependencies,
  type BeginLoginRequest,
  type IdentitySettings,
  type LoginSettings,
  prepareAuthentication,
} from './begin-login.ts';
import { chooseJourney, isIdentityVector, keepLevel, satisfiesJourney } from './journey.ts';
import { keepPlace, readPlace } from './kept-place.ts';
import { readSession } from './read-session.ts';
import { parseReturnTo, type ReturnAddress, trustedAddress } from './return-to.ts';
import { readSessionLanguage } from './session-language.ts';

/**
 * Starts an identity request at the configured level, with or without a session. A user whose identity is already proved
 * at that level, and who authenticated recently enough, is redirected to the page at once. The place where a signed-in user
 * leaves off is kept for the return from an in-person check. The request goes on when it can't be kept.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/prove-users-identity/
 * @throws RelyingPartyError `identity_not_configured`, `journey_unknown`
 */
export async function beginIdentityProving(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication | AlreadySignedIn> {
  const { settings, clock } = dependencies;
  const journey = chooseJourney(settings, 'prove-identity', request.journeys);
  const { session, ...asked } = await prepareAuthentication(dependencies, request);
  if (session !== undefined && satisfiesJourney(session, journey, clock.now())) {
    return { kind: 'already_signed_in', redirectTo: asked.returnTo };
  }
  const [begun, placeNotKept] = await Promise.all([
    beginAuthentication(dependencies, {
      ...asked,
      purpose: 'prove-identity',
      // Without journeys the new outcome replaces the old one.
      journey: settings.journeys.size > 0 ? { ...journey, vtr: keepLevel(journey.vtr, session) } : journey,
    }),
    // The last request counts. A request without an address of its own replaces an earlier place by none.
    session &&
      keepPlace(dependencies, session.sub, {
        ...(asked.returnTo === settings.defaultPage ? {} : { returnTo: asked.returnTo }),
        ...(journey.name === undefined ? {} : { journey: journey.name }),
      }).catch((failure: unknown) => failure),
  ]);
  return placeNotKept === undefined ? begun : { ...begun, placeNotKept };
}

/**
 * Starts the first of the two requests after an in-person check. It is always sent, because the user who is signed in on
 * this browser may not be the one who opened the email. Afterwards the user sees a page that links to the identity
 * request.
 *
 * @throws RelyingPartyError `identity_not_configured`
 */
export async function beginInPersonReturn(
  dependencies: BeginLoginDependencies,
  request: BeginLoginRequest,
): Promise<BegunAuthentication> {
  const { settings } = dependencies;
  requireIdentitySettings(settings);
  const language =
    request.language ??
    (await readSessionLanguage(dependencies.sessions, request.sessionCredential)) ??
    request.browserLanguage;
  return beginAuthentication(dependencies, {
    language,
    browserSecret: request.browserSecret,
    repeats: request.repeats,
    purpose: 'in-person-return',
    journey: chooseJourney(settings, 'in-person-return', []),
    returnTo: buildContinueUrl(settings.publicUrl, language),
  });
}

/**
 * Chooses the identity request that ends the return from an in-person check: that of the user who has signed in, which leads
 * to where they had left off, or else the one without a name, which leads to the page of the config.
 *
 * @param onFailure called when the place could not be read
 */
export async function chooseRequestAfterInPersonReturn(
  dependencies: Pick<BeginLoginDependencies, 'sessions' | 'places' | 'clock' | 'settings'>,
  sessionCredential: SessionCredential | undefined,
  onFailure: (failure: unknown) => void,
): Promise<Pick<StartAgain, 'purpose' | 'journey' | 'returnTo'>> {
  const { settings } = dependencies;
  const purpose = 'prove-identity';
  const { inPersonReturnUrl } = requireIdentitySettings(settings);
  try {
    const session = await readSession(dependencies, sessionCredential);
    const place = session && (await readPlace(dependencies, session.payload.sub));
    const { journey = '' } = place ?? {};
    return {
      purpose,
      // The config may no longer have the journey at this route, or allow the address.
      ...(settings.journeys.get(journey)?.vtr.some(isIdentityVector) ? { journey } : {}),
      returnTo: parseReturnTo(place?.returnTo, settings) ?? inPersonReturnUrl,
    };
  } catch (failure) {
    onFailure(failure);
    return { purpose, returnTo: inPersonReturnUrl };
  }
}

/** The page between the two requests after an in-person check. */
export function buildContinueUrl(publicUrl: string, language: Language): ReturnAddress {
  return trustedAddress(`${publicUrl}/in-person-return?step=continue&lang=${language}`);
}

/** @throws RelyingPartyError `identity_not_configured` */
export function requireIdentitySettings(settings: LoginSettings): IdentitySettings {
  if (settings.identity === undefined) {
    throw new RelyingPartyError('identity_not_configured', 'identity is not configured');
  }
  return settings.identity;
}
