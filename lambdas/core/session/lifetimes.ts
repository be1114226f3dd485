/** How long a session lives, in milliseconds. */
export interface SessionLifetimes {
  /** Without activity. */
  readonly idle: number;
  /** With activity. */
  readonly absolute: number;
}

/** How long an attempt and the browser cookie live. Identity journeys can take long. */
export const attemptLifetimeMilliseconds = 2 * 60 * 60 * 1000;

/**
 * How long the place is kept where a user left off to prove their identity. A check in person may take 16 days from the moment
 * that it begins at One Login, and the email about its result another day.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/helping-your-users-after-their-in-person-identity-checks/
 */
export const placeLifetimeMilliseconds = 17 * 24 * 60 * 60 * 1000;

/** The expiries of a session that begins now. */
export function computeExpiries(
  lifetimes: SessionLifetimes,
  now: number,
): { absoluteExpiresAt: number; idleExpiresAt: number } {
  return {
    absoluteExpiresAt: now + lifetimes.absolute,
    idleExpiresAt: now + Math.min(lifetimes.idle, lifetimes.absolute),
  };
}

/**
 * Computes the idle expiry after activity, never past the absolute expiry.
 *
 * @returns undefined when less than a fifth of the idle time would be gained, to save a write
 */
export function extendIdleExpiry(
  session: { readonly idleExpiresAt: number; readonly absoluteExpiresAt: number },
  idleMilliseconds: number,
  now: number,
): number | undefined {
  const extended = Math.min(now + idleMilliseconds, session.absoluteExpiresAt);
  return extended - session.idleExpiresAt >= idleMilliseconds / 5 ? extended : undefined;
}
