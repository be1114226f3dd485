/** How long a session lives, in milliseconds. */
export interface SessionLifetimes {
  /** Without activity. */
  readonly idle: number;
  /** Whatever happens. */
  readonly absolute: number;
}

/** How long an attempt and the browser cookie live: identity journeys are long. */
export const attemptLifetimeMilliseconds = 2 * 60 * 60 * 1000;

/** The two ends of a session that begins, or is used, now. */
export function expiries(
  lifetimes: SessionLifetimes,
  now: number,
): { absoluteExpiresAt: number; idleExpiresAt: number } {
  return {
    absoluteExpiresAt: now + lifetimes.absolute,
    idleExpiresAt: now + Math.min(lifetimes.idle, lifetimes.absolute),
  };
}

/**
 * The idle expiry after activity, or undefined when it is not worth a write: it moves at most once per tenth of
 * the idle time, and never past the absolute expiry.
 */
export function extendedIdleExpiry(
  session: { readonly idleExpiresAt: number; readonly absoluteExpiresAt: number },
  idleMilliseconds: number,
  now: number,
): number | undefined {
  const extended = Math.min(now + idleMilliseconds, session.absoluteExpiresAt);
  return extended - session.idleExpiresAt >= idleMilliseconds / 10 ? extended : undefined;
}
