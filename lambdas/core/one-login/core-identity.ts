import { RelyingPartyError } from '../errors.ts';
import { readController } from './did-document.ts';
import type { ValidatedIdToken } from './id-token.ts';
import { jwtError, type KeySource, readJwt, type UnverifiedJwt, verifySignature } from './jwt.ts';
import { checkAudience, checkIssuer, checkTimes } from './jwt-claims.ts';
import type { Validated } from './messages.ts';
import {
  type LevelOfConfidence,
  levelsOfConfidence,
  sufficesAsIdentity,
  type VectorOfTrust,
} from './vector-of-trust.ts';
import { type IdentityName, readBirthDates, readNames } from './verifiable-credential.ts';

/** A proved identity, without the JWT, which must not be stored. */
export type CoreIdentity = Validated<
  'core_identity',
  {
    /** The requested level, or a better one. */
    readonly vot: LevelOfConfidence;
    /** At least one, in the order of the JWT, see `verifiable-credential.ts`. A name without `valid_until` is current. */
    readonly names: readonly IdentityName[];
    /** At least one, in the order of the JWT, `YYYY-MM-DD`. */
    readonly birthDates: readonly string[];
  }
>;

export interface ExpectedCoreIdentity {
  /** The issuer of core identities, which is not the OIDC issuer. */
  readonly issuer: string;
  readonly clientId: string;
  /** The ID token of the same sign-in. Both must have the same `sub`. */
  readonly idToken: ValidatedIdToken;
  /** The requested vectors. The level of one of them must be reached. */
  readonly vtr: readonly VectorOfTrust[];
  /** As configured. */
  readonly did: string;
  readonly keys: KeySource<'did'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Validates the value of the `coreIdentityJWT` claim of a userinfo response.
 *
 * The cheap checks come first, so that a key is only fetched for a token for this user and this service, by a key under
 * the configured DID.
 *
 * @see https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/prove-users-identity/
 * @throws RelyingPartyError `core_identity_…`, by what was wrong
 */
export async function validateCoreIdentity(
  coreIdentityJwt: string,
  expected: ExpectedCoreIdentity,
): Promise<CoreIdentity> {
  const jwt = readJwt('core_identity', coreIdentityJwt, 'ES256');
  checkIssuer(jwt, expected.issuer);
  checkAudience(jwt, expected.clientId);
  if (jwt.claims['sub'] !== expected.idToken.sub) {
    throw new RelyingPartyError(
      'core_identity_sub_unexpected',
      'core identity "sub" is not that of the ID token',
    );
  }
  if (readController(jwt.kid) !== expected.did) {
    throw new RelyingPartyError(
      'core_identity_controller_unexpected',
      'core identity header "kid" is not under the configured DID',
    );
  }

  await verifySignature(jwt, expected.keys);

  checkTimes(jwt, expected.now);
  const vot = readLevelReached(jwt, expected.vtr);
  const { vc } = jwt.claims;
  const names = readNames(vc);
  if (names === undefined)
    throw jwtError(jwt.kind, 'malformed', '"vc" has no name, or a current one that is ill-formed');
  const birthDates = readBirthDates(vc);
  if (birthDates === undefined) {
    throw jwtError(jwt.kind, 'malformed', '"vc" has no birth date, or an invalid one');
  }
  return { vot, names, birthDates } as CoreIdentity;
}

/** RFC 8485, 3.1. An unknown level is never sufficient. */
function readLevelReached(jwt: UnverifiedJwt, vtr: readonly VectorOfTrust[]): LevelOfConfidence {
  const reached = levelsOfConfidence.find((level) => level === jwt.claims['vot']);
  if (reached === undefined || !vtr.some((asked) => sufficesAsIdentity(reached, asked))) {
    throw new RelyingPartyError(
      'core_identity_vot_insufficient',
      'core identity "vot" is below the requested level, or unknown',
    );
  }
  return reached;
}
