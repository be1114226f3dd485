import { createHash } from 'node:crypto';

/** A part of a name, as in the core identity JWT. */
export interface NamePart {
  readonly type: 'GivenName' | 'FamilyName';
  readonly value: string;
}

/** One name. The current name has no `validUntil`. */
export interface Name {
  readonly nameParts: readonly NamePart[];
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** An address, passport or driving permit, which userinfo returns unchanged. */
export type DocumentClaim = Readonly<Record<string, unknown>>;

/** The result of an identity check of a person. */
export interface Identity {
  /** The highest level that can be proved. */
  readonly highestLevel: 'P1' | 'P2';
  readonly name: readonly Name[];
  readonly birthDate: readonly { readonly value: string }[];
  readonly address?: readonly DocumentClaim[];
  readonly passport?: readonly DocumentClaim[];
  readonly drivingPermit?: readonly DocumentClaim[];
}

/** The default outcome of an identity check of a person. */
export type PersonIdentityOutcome = 'PROVED' | 'NOT_PROVED' | 'IN_PERSON';

/** A person who can sign in. */
export interface Person {
  /** In kebab-case. */
  readonly id: string;
  /** The text on the sign-in page. */
  readonly label: string;
  /** `urn:fdc:gov.uk:2022:…` */
  readonly sub: string;
  readonly email: string;
  readonly emailVerified: boolean;
  /** E.164; absent for a person with an authenticator app. */
  readonly phoneNumber?: string;
  /** One Login sends false without a number. @default false */
  readonly phoneNumberVerified?: boolean;
  readonly identity: Identity;
  readonly identityOutcome: PersonIdentityOutcome;
  /** The return codes, also for a proved identity. */
  readonly returnCodes: readonly string[];
}

/** The subject identifier of a person: the same at every start, in the format of One Login. */
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
