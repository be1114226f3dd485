import { createHash } from 'node:crypto';

/** A part of a name, as in the core identity JWT. */
export interface NamePart {
  readonly type: 'GivenName' | 'FamilyName';
  readonly value: string;
}

/** One name; the current one has no `validUntil`. */
export interface Name {
  readonly nameParts: readonly NamePart[];
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** An address, passport or driving permit is passed on as it is written here. */
export type DocumentClaim = Readonly<Record<string, unknown>>;

/** What an identity check of a person finds. */
export interface Identity {
  /** The highest level that can be proved. */
  readonly highestLevel: 'P1' | 'P2';
  readonly name: readonly Name[];
  readonly birthDate: readonly { readonly value: string }[];
  readonly address?: readonly DocumentClaim[];
  readonly passport?: readonly DocumentClaim[];
  readonly drivingPermit?: readonly DocumentClaim[];
}

/** What an identity check of a person comes to, unless told otherwise. */
export type PersonIdentityOutcome = 'PROVED' | 'NOT_PROVED' | 'IN_PERSON';

/** Somebody to sign in as. */
export interface Person {
  /** What switches and forms call the person: kebab-case. */
  readonly id: string;
  /** What the sign-in page shows, with what is special about the person. */
  readonly label: string;
  /** `urn:fdc:gov.uk:2022:…` */
  readonly sub: string;
  readonly email: string;
  readonly emailVerified: boolean;
  /** E.164; absent for somebody whose second factor is an authenticator app. */
  readonly phoneNumber?: string;
  /** One Login sends false where there is no number. @default false */
  readonly phoneNumberVerified?: boolean;
  readonly identity: Identity;
  readonly identityOutcome: PersonIdentityOutcome;
  /** The codes that come along, whether or not the identity is proved. */
  readonly returnCodes: readonly string[];
}

/** The subject identifier of a person: the same at every start, and shaped as One Login's are. */
export function deriveSubject(personId: string): string {
  return `urn:fdc:gov.uk:2022:${createHash('sha256').update(personId).digest('base64url')}`;
}

/** A name of given names and a family name, in that order. */
export function buildName(
  givenNames: readonly string[],
  familyName: string,
  validity: Pick<Name, 'validFrom' | 'validUntil'> = {},
): Name {
  const parts: NamePart[] = givenNames.map((value) => ({ type: 'GivenName', value }));
  return { nameParts: [...parts, { type: 'FamilyName', value: familyName }], ...validity };
}
