import type { AuthorizationRequest, IdentityLevel } from '../authorize/authorization-request.ts';
import type { Identity, Person } from '../people/person.ts';
import type { ChosenFaults } from './faults.ts';

/** How long a code is valid. */
export const codeSeconds = 300;
/** How long an access token is valid. */
export const accessTokenSeconds = 180;

/** The result of an identity check for userinfo. */
export interface IdentityResult {
  /** Absent when the identity was not proved. */
  readonly proved?: { readonly level: IdentityLevel; readonly identity: Identity };
  readonly returnCodes: readonly string[];
  /** Milliseconds since the epoch. Userinfo has it for 180 s from then. */
  readonly storedAt: number;
}

/** The contents of a code. */
export interface Grant {
  readonly request: AuthorizationRequest;
  readonly person: Person;
  /** New for every request. */
  readonly sid: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** Absent for a request without an identity. */
  readonly identity?: IdentityResult;
  readonly faults: ChosenFaults;
}
