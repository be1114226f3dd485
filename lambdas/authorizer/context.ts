/**
 * The claims about the user that are passed to the service's own application, as strings that API Gateway can put into a
 * header.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
import {
  type IdentityClaims,
  identityClaimNames,
  readReturnCodes,
} from '../core/one-login/identity-claims.ts';
import type { SessionIdentity, SessionPayload } from '../core/session/session.ts';
import { readStrings } from '../settings.ts';

/** The optional claims. Lists are JSON. */
export const authorizerClaims = [
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'wallet_subject_id',
  'names',
  'birth_dates',
  'address',
  'passport',
  'driving_permit',
  'return_codes',
  'identity_claims',
] as const;
export type AuthorizerClaim = (typeof authorizerClaims)[number];

/**
 * Reads a JSON array of names of claims.
 *
 * @throws Error for a name that is not in {@link authorizerClaims}
 */
export function readAuthorizerClaims(json: string): readonly AuthorizerClaim[] {
  return readStrings(json).map((name) => {
    const claim = authorizerClaims.find((known) => known === name);
    if (claim === undefined) throw new Error(`${name} is not a claim that an authorizer can pass on`);
    return claim;
  });
}

/** Stands for an absent or omitted value, because a header without a value could be forged. */
export const noValue = '-';

/** Bytes of all names and values. Most of the 10,240 bytes for all headers are for those of the browser. */
const longestContext = 4096;

export interface UserContext {
  readonly context: Readonly<Record<string, string>>;
  /** The names of the claims that were too long. */
  readonly omitted: readonly string[];
}

/**
 * Describes the user of a session. No value is empty. A claim that would make the context too long is left out and named in
 * `omitted`. The application can read it from `/auth/userinfo`.
 *
 * @param claims those of the config. The first ones have priority
 */
export function describeUser(session: SessionPayload, claims: readonly AuthorizerClaim[]): UserContext {
  const { sub, vot, identity, authTime, reauthenticatedAt } = session;
  const always = {
    sub: encode(sub),
    vot,
    identity_outcome: identity?.outcome ?? 'not_requested',
    identity_vot: identity?.outcome === 'proved' ? identity.vot : noValue,
    identity_reason: formatValue(identity?.outcome === 'not_proved' ? identity.reason : undefined),
    auth_time: formatValue(authTime),
    reauthenticated_at: formatValue(
      reauthenticatedAt === undefined ? undefined : Math.floor(reauthenticatedAt / 1000),
    ),
  };
  const names = ['email', ...claims] as const;
  const values: Record<string, string> = Object.fromEntries(names.map((name) => [name, noValue]));
  const omitted: string[] = [];
  let left = longestContext - measureContext({ ...always, ...values, omitted: names.join() });
  for (const name of names) {
    const value = encode(formatClaim(session, name));
    const more = value.length - noValue.length;
    if (more > left) omitted.push(name);
    else {
      values[name] = value;
      left -= more;
    }
  }
  return { context: { ...always, ...values, omitted: omitted.join() || noValue }, omitted };
}

/**
 * Percent-encodes spaces, the percent sign and everything that is not printable ASCII (RFC 3986, 2.1), for
 * `decodeURIComponent`.
 */
function encode(text: string): string {
  return text.toWellFormed().replace(/[^\x21-\x24\x26-\x7e]+/g, encodeURIComponent);
}

function formatClaim(session: SessionPayload, name: 'email' | AuthorizerClaim): string {
  switch (name) {
    case 'email':
    case 'email_verified':
    case 'phone_number':
    case 'phone_number_verified':
    case 'wallet_subject_id':
      return formatValue(session.claims[name]);
    default:
      return JSON.stringify(readList(session.identity, name));
  }
}

type ListClaim = Exclude<AuthorizerClaim, keyof SessionPayload['claims']>;

function readList(identity: SessionIdentity | undefined, claim: ListClaim): readonly unknown[] {
  const proved = identity?.outcome === 'proved' ? identity : undefined;
  const claims: IdentityClaims = identity?.claims ?? {};
  const lists: Readonly<Record<ListClaim, readonly unknown[] | undefined>> = {
    names: proved?.names,
    birth_dates: proved?.birthDates,
    return_codes: readReturnCodes(claims),
    address: claims[identityClaimNames.address],
    passport: claims[identityClaimNames.passport],
    driving_permit: claims[identityClaimNames.drivingPermit],
    identity_claims: proved?.requestedClaims,
  };
  return lists[claim] ?? [];
}

function formatValue(value: string | number | boolean | undefined): string {
  return value === undefined || value === '' ? noValue : String(value);
}

/** Each header line also has a colon, a space and a line end. */
function measureContext(context: Readonly<Record<string, string>>): number {
  return Object.entries(context).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}
