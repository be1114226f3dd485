import { RelyingPartyError } from '../errors.ts';
import { type IdentityClaims, identityClaimNames } from '../one-login/identity-claims.ts';
import {
  readLevelOfConfidence,
  sufficesAsCredential,
  sufficesAsIdentity,
  type VectorOfTrust,
  vectorsOfTrust,
} from '../one-login/vector-of-trust.ts';
import type { SessionIdentity, SessionPayload } from '../session/session.ts';
import type { LoginPurpose, RememberedAttempt } from './login-attempt.ts';
import type { ReturnAddress } from './return-to.ts';

const { returnCode } = identityClaimNames;

/** What one route requests from One Login. The service chooses a journey by its name, with `?journey=`. */
export interface Journey {
  /** Absent for what the route requests without a name. */
  readonly name?: string;
  readonly vtr: readonly VectorOfTrust[];
  /** Full names of the userinfo claims. Empty for a journey without an identity. */
  readonly claims: readonly string[];
  /** Seconds since the user authenticated, at most. */
  readonly maxAge?: number;
}

/** A journey of the config. What it leaves out is as for a request without a name. */
export interface ConfiguredJourney extends Pick<Journey, 'vtr' | 'maxAge'> {
  readonly claims?: readonly string[];
  /** The page for users whose identity was not proved. */
  readonly notProvedUrl?: ReturnAddress;
}

/** The journeys of the config, by name. */
export type Journeys = ReadonlyMap<string, ConfiguredJourney>;

/** What the routes request without a name, and the journeys. */
export interface JourneySettings {
  readonly vtr: readonly VectorOfTrust[];
  /** Seconds since the user authenticated, at most. Every request sends it, because each can create a session. */
  readonly maxAge?: number;
  /** Absent when the service proves no identities. */
  readonly identity?: Pick<Journey, 'vtr' | 'claims'>;
  readonly journeys: Journeys;
}

/**
 * Chooses what to request from One Login. Only the config decides what a journey requests: a name that does not fit is an
 * error, so that no user gets less than the page that they came from requires.
 *
 * @param names every value of the parameter `journey`
 * @throws RelyingPartyError `journey_unknown`, `identity_not_configured`
 */
export function chooseJourney(
  settings: JourneySettings,
  purpose: LoginPurpose,
  names: readonly string[],
): Journey {
  const { identity, maxAge } = settings;
  const provesIdentity = purpose === 'prove-identity';
  if (provesIdentity && identity === undefined) {
    throw new RelyingPartyError('identity_not_configured', 'identity is not configured');
  }
  const unnamed = provesIdentity && identity ? identity : { vtr: settings.vtr, claims: [] };
  const inherited = maxAge === undefined ? {} : { maxAge };
  const [name] = names;
  if (name === undefined) return { ...unnamed, ...inherited };
  const journey = names.length === 1 ? settings.journeys.get(name) : undefined;
  if (journey === undefined || journey.vtr.some(isIdentityVector) !== provesIdentity) {
    throw new RelyingPartyError('journey_unknown', 'the route has no journey with this name');
  }
  const { vtr, claims = unnamed.claims } = journey;
  return {
    ...inherited,
    ...(journey.maxAge === undefined ? {} : { maxAge: journey.maxAge }),
    name,
    vtr,
    claims,
  };
}

/** What an attempt requested from One Login. */
export function readJourney({
  journey,
  vtr,
  requestedClaims = [],
}: RememberedAttempt): Omit<Journey, 'maxAge'> {
  return { ...(journey === undefined ? {} : { name: journey }), vtr, claims: requestedClaims };
}

/**
 * Raises what a journey requests to what the session has reached, so that neither signing in again nor requesting more claims
 * lowers its level.
 *
 * @param session the user's, if there is one
 */
export function keepLevel(
  vtr: readonly VectorOfTrust[],
  session: Pick<SessionPayload, 'vot' | 'identity'> | undefined,
): readonly VectorOfTrust[] {
  if (session === undefined) return vtr;
  const { vot, identity } = session;
  const proved = identity?.outcome === 'proved' ? (`Cl.Cm.${identity.vot}` as const) : undefined;
  const reached = vtr.some(isIdentityVector) ? proved : vot;
  if (reached === undefined) return vtr;
  const lowest = vectorsOfTrust.indexOf(reached);
  const kept = vtr.filter((vector) => vectorsOfTrust.indexOf(vector) >= lowest);
  return kept.length > 0 ? kept : [reached];
}

/** Whether the session has everything that the journey requests, so that no request to One Login is needed. */
export function satisfiesJourney(session: SessionPayload, journey: Journey, now: number): boolean {
  const { vtr, maxAge } = journey;
  if (maxAge !== undefined && (session.authTime === undefined || now / 1000 > session.authTime + maxAge)) {
    return false;
  }
  if (!vtr.some((asked) => sufficesAsCredential(session.vot, asked))) return false;
  return !vtr.some(isIdentityVector) || provesIdentity(session.identity, journey);
}

/** Whether the identity is proved at the level, and every claim was requested from One Login. */
export function provesIdentity(
  identity: SessionIdentity | undefined,
  journey: Omit<Journey, 'maxAge'>,
): boolean {
  if (identity?.outcome !== 'proved') return false;
  const { vot, requestedClaims } = identity;
  return (
    journey.vtr.some((asked) => sufficesAsIdentity(vot, asked)) &&
    (requestedClaims === undefined
      ? journey.name === undefined
      : journey.claims.every((claim) => requestedClaims.includes(claim)))
  );
}

/**
 * Combines the outcome of an identity request with the identity that the same user's session had. What was proved stays
 * proved when the user then tries to reach a higher level and does not. Claims of two levels are never combined, and what
 * One Login does not return again is dropped.
 *
 * @param before of the session that the new one replaces
 * @param after of this request. Undefined when it requested no identity
 */
export function combineIdentities(
  before: SessionIdentity | undefined,
  after: SessionIdentity | undefined,
  { vtr }: Pick<Journey, 'vtr'>,
): SessionIdentity | undefined {
  if (after === undefined || before?.outcome !== 'proved') return after ?? before;
  if (after.outcome === 'not_proved') {
    if (vtr.some((asked) => sufficesAsIdentity(before.vot, asked))) return after;
    return { ...before, claims: { ...omitClaims(before.claims, [returnCode]), ...after.claims } };
  }
  if (after.vot !== before.vot) return sufficesAsIdentity(after.vot, `Cl.Cm.${before.vot}`) ? after : before;
  const { requestedClaims = [] } = after;
  return {
    ...after,
    claims: { ...omitClaims(before.claims, [returnCode, ...requestedClaims]), ...after.claims },
    requestedClaims: [...new Set([...(before.requestedClaims ?? []), ...requestedClaims])],
  };
}

function omitClaims(claims: IdentityClaims, names: readonly string[]): IdentityClaims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
}

/** Whether a vector has a level of confidence, so that its requests are for `/auth/prove-identity`. */
export function isIdentityVector(vector: VectorOfTrust): boolean {
  return readLevelOfConfidence(vector) !== undefined;
}
