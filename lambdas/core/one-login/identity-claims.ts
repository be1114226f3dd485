import type { CoreIdentity } from './core-identity.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** The beginning of the names of all identity claims. */
export const vocabulary = 'https://vocab.account.gov.uk/v1/';

/** The names of the identity claims in the userinfo response. */
export const identityClaimNames = {
  coreIdentityJwt: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  address: 'https://vocab.account.gov.uk/v1/address',
  passport: 'https://vocab.account.gov.uk/v1/passport',
  drivingPermit: 'https://vocab.account.gov.uk/v1/drivingPermit',
  returnCode: 'https://vocab.account.gov.uk/v1/returnCode',
} as const;

/**
 * An entry of an identity claim. It is passed on as received. The types name the documented members, but none of them is
 * guaranteed.
 */
type Entry<Member extends string> = { readonly [Name in Member]?: unknown } & JsonObject;

/** Without `validUntil` (or with null) it is a current address. `uprn` is a number. */
export type Address = Entry<
  | 'validFrom'
  | 'validUntil'
  | 'uprn'
  | 'subBuildingName'
  | 'buildingName'
  | 'buildingNumber'
  | 'dependentStreetName'
  | 'streetName'
  | 'doubleDependentAddressLocality'
  | 'dependentAddressLocality'
  | 'addressLocality'
  | 'addressRegion'
  | 'postalCode'
  | 'addressCountry'
>;
export type Passport = Entry<'documentNumber' | 'icaoIssuerCode' | 'expiryDate'>;
/** Only permits of the DVLA have `issueNumber`. */
export type DrivingPermit = Entry<'expiryDate' | 'issueNumber' | 'issuedBy' | 'personalNumber'>;
/** One letter: why an identity was not proved, or a fact about one that was. */
export type ReturnCode = Entry<'code'>;

/** The identity claims under their wire names. None of them means that an identity was proved. */
export interface IdentityClaims {
  /** Current addresses first. */
  readonly 'https://vocab.account.gov.uk/v1/address'?: readonly Address[];
  readonly 'https://vocab.account.gov.uk/v1/passport'?: readonly Passport[];
  readonly 'https://vocab.account.gov.uk/v1/drivingPermit'?: readonly DrivingPermit[];
  readonly 'https://vocab.account.gov.uk/v1/returnCode'?: readonly ReturnCode[];
}

/**
 * Selects the claims that may be released. Without a valid core identity these are only the return codes, because an
 * address, passport or permit could be another person's.
 */
export function selectReleasedClaims(
  received: IdentityClaims,
  coreIdentity: CoreIdentity | undefined,
): IdentityClaims {
  if (coreIdentity !== undefined) return received;
  const returnCode = received[identityClaimNames.returnCode];
  return returnCode === undefined ? {} : { [identityClaimNames.returnCode]: returnCode };
}

/** @returns the letters of the return codes, in their order */
export function readReturnCodes(claims: IdentityClaims): readonly string[] {
  const entries = claims[identityClaimNames.returnCode] ?? [];
  return entries.map(({ code }) => code).filter((code) => typeof code === 'string');
}

/**
 * Reads the identity claims of a userinfo response.
 *
 * @returns the claims, or the name of one that is not a list of objects
 */
export function readIdentityClaims(
  body: JsonObject,
): { readonly claims: IdentityClaims } | { readonly malformed: string } {
  const { address, passport, drivingPermit, returnCode } = identityClaimNames;
  const claims: Record<string, readonly JsonObject[]> = {};
  for (const name of [address, passport, drivingPermit, returnCode]) {
    const entries = body[name];
    if (entries === undefined || entries === null) continue;
    if (!Array.isArray(entries) || !entries.every(isJsonObject)) return { malformed: name };
    claims[name] = name === address ? sortCurrentFirst(entries) : entries;
  }
  return { claims };
}

/** The provider's order has no meaning. It is kept within current and within former addresses. */
function sortCurrentFirst(addresses: readonly Address[]): readonly Address[] {
  const isFormer = ({ validUntil }: Address) => validUntil !== undefined && validUntil !== null;
  return [...addresses.filter((address) => !isFormer(address)), ...addresses.filter(isFormer)];
}
