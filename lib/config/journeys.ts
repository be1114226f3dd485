import type {
  AuthorizerClaim,
  ConfigFile,
  IdentityClaim,
  JourneyVector,
  Scope,
} from './deployment-config.ts';

type Requests = Pick<ConfigFile, 'authentication' | 'identity' | 'journeys'>;

/** Lowest first. */
const order: readonly JourneyVector[] = ['Cl', 'Cl.Cm', 'Cl.Cm.P1', 'Cl.Cm.P2'];

/** What one link of the service requests from One Login. */
export interface JourneyRequest {
  /** Below `/auth`, such as `prove-identity?journey=benefits`. */
  readonly path: string;
  readonly vtr: readonly JourneyVector[];
  readonly claims: readonly IdentityClaim[];
  /** Seconds. */
  readonly maxAge: number | undefined;
}

/** Serializes the journeys for the variables of a function, with short names of claims to save space. */
export function serializeJourneys(journeys: ConfigFile['journeys']): string {
  return JSON.stringify(
    journeys.map(({ claims, ...journey }) => ({
      ...journey,
      ...(claims === undefined ? {} : { claims: claims.map((claim) => claim.replace(/^.*\//, '')) }),
    })),
  );
}

/** Whether a journey requests an identity, and not authentication alone. */
export function isIdentityJourney({ vtr }: { readonly vtr: readonly JourneyVector[] }): boolean {
  return vtr.some((vector) => vector.includes('.P'));
}

/** Lists everything that the service can request from One Login, first the requests without the name of a journey. */
export function listRequests({ authentication, identity, journeys }: Requests): readonly JourneyRequest[] {
  const { maxAgeSeconds: maxAge } = authentication;
  return [
    { path: 'login', vtr: authentication.vtr, claims: [], maxAge },
    ...(identity === undefined
      ? []
      : [{ path: 'prove-identity', vtr: identity.vtr, claims: identity.claims, maxAge }]),
    ...journeys.map(({ name, vtr, claims = identity?.claims ?? [], maxAgeSeconds = maxAge }) => ({
      path: `${isIdentityJourney({ vtr }) ? 'prove-identity' : 'login'}?journey=${name}`,
      vtr,
      claims: isIdentityJourney({ vtr }) ? claims : [],
      maxAge: maxAgeSeconds,
    })),
  ];
}

/** The levels of confidence that the client must be registered for (`ClientLoCs`), lowest first. */
export function listLevelsOfConfidence(config: Requests): readonly ('P0' | 'P1' | 'P2')[] {
  // P0 means no level, and is only needed without one.
  if (config.identity === undefined) return ['P0'];
  const vectors = listRequests(config).flatMap(({ vtr }) => vtr);
  return (['P1', 'P2'] as const).filter((level) => vectors.includes(`Cl.Cm.${level}`));
}

/** The identity claims that the client must be registered for. */
export function listIdentityClaims(config: Requests): readonly IdentityClaim[] {
  return [...new Set(listRequests(config).flatMap(({ claims }) => claims))];
}

/** Whether any request has `max_age`, for which the client must be registered. */
export function usesMaxAge({ authentication, journeys }: Requests): boolean {
  return [authentication, ...journeys].some(({ maxAgeSeconds }) => maxAgeSeconds !== undefined);
}

/** The place of the lowest level that is enough for a request, among all levels. */
export function findLowest(vtr: readonly JourneyVector[]): number {
  return Math.min(...vtr.map((vector) => order.indexOf(vector)));
}

/** The scope or identity claim that each claim of an authorizer comes from. */
export const claimSources: Readonly<Record<AuthorizerClaim, Scope | IdentityClaim>> = {
  email_verified: 'email',
  phone_number: 'phone',
  phone_number_verified: 'phone',
  wallet_subject_id: 'wallet-subject-id',
  names: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  birth_dates: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  address: 'https://vocab.account.gov.uk/v1/address',
  passport: 'https://vocab.account.gov.uk/v1/passport',
  driving_permit: 'https://vocab.account.gov.uk/v1/drivingPermit',
  return_codes: 'https://vocab.account.gov.uk/v1/returnCode',
  identity_claims: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
};

/**
 * Chooses where an authorizer sends a user whose level is too low: to the first request that always reaches the level, if
 * possible one that requests all its claims.
 *
 * @returns the path below `/auth`, or undefined if no request reaches the level
 */
export function findStepUp(
  config: Requests,
  { level, claims }: { readonly level: JourneyVector; readonly claims: readonly AuthorizerClaim[] },
): string | undefined {
  const sources = claims.map((claim) => claimSources[claim]).filter(isIdentityClaim);
  const enough = listRequests(config).filter(
    ({ vtr }) =>
      isIdentityJourney({ vtr }) === isIdentityJourney({ vtr: [level] }) &&
      findLowest(vtr) >= order.indexOf(level),
  );
  const best = enough.find((request) => sources.every((source) => request.claims.includes(source)));
  return (best ?? enough[0])?.path;
}

function isIdentityClaim(source: Scope | IdentityClaim): source is IdentityClaim {
  return source.startsWith('https:');
}
