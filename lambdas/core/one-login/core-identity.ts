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

/** An identity that was proved. The JWT it came in is not part of it, and must not be stored. */
export type CoreIdentity = Validated<
  'core_identity',
  {
    /** The level that was reached: the one asked for, or better. */
    readonly vot: LevelOfConfidence;
    /** At least one, in the order of the JWT, see `verifiable-credential.ts`; a name without `valid_until` is a current one. */
    readonly names: readonly IdentityName[];
    /** At least one, in the order of the JWT, `YYYY-MM-DD`. */
    readonly birthDates: readonly string[];
  }
>;

/** What the core identity must say. */
export interface ExpectedCoreIdentity {
  /** The core identity issuer, which is not the OIDC issuer. */
  readonly issuer: string;
  readonly clientId: string;
  /** Of the same sign-in: both must be about the same user. */
  readonly idToken: ValidatedIdToken;
  /** The vectors that were asked for: the level of one of them must be reached. */
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
 * As with the ID token, what costs nothing comes first: only a token for this user and this service, by a key under the
 * configured DID, can have a key fetched.
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
  const vot = levelReached(jwt, expected.vtr);
  const { vc } = jwt.claims;
  const names = readNames(vc);
  if (names === undefined)
    throw jwtError(jwt.kind, 'malformed', '"vc" has no name, or a current one that is ill-formed');
  const birthDates = readBirthDates(vc);
  if (birthDates === undefined) {
    throw jwtError(jwt.kind, 'malformed', '"vc" has no birth date, or one that is no date');
  }
  return { vot, names, birthDates } as CoreIdentity;
}

/** RFC 8485, 3.1: compared as levels. A level that we do not know can't be said to suffice. */
function levelReached(jwt: UnverifiedJwt, vtr: readonly VectorOfTrust[]): LevelOfConfidence {
  const reached = levelsOfConfidence.find((level) => level === jwt.claims['vot']);
  if (reached === undefined || !vtr.some((asked) => sufficesAsIdentity(reached, asked))) {
    throw new RelyingPartyError(
      'core_identity_vot_insufficient',
      'core identity "vot" is below what was asked for, or unknown',
    );
  }
  return reached;
}
