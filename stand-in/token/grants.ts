import { randomBytes } from 'node:crypto';
import type { Clock } from '../../lambdas/core/ports.ts';
import type {
  AuthorizationRequest,
  CredentialTrust,
  IdentityLevel,
} from '../authorize/authorization-request.ts';
import type { Identity, Person } from '../people/person.ts';
import type { CoreIdentityFault, UserinfoFault } from '../userinfo/faults.ts';
import type { IdTokenFault } from './id-token-faults.ts';

/** How long a code is valid. */
const codeSeconds = 300;
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

/** The faults of one sign-in, from its page. */
export interface ChosenFaults {
  readonly idToken: readonly IdTokenFault[];
  readonly userinfo: readonly UserinfoFault[];
  readonly coreIdentity: readonly CoreIdentityFault[];
}

export const noFaults: ChosenFaults = { idToken: [], userinfo: [], coreIdentity: [] };

/** The contents of a code. */
export interface Grant {
  readonly request: AuthorizationRequest;
  readonly person: Person;
  /** New for every request. */
  readonly sid: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly vot: CredentialTrust;
  /** Absent for a request without an identity. */
  readonly identity?: IdentityResult;
  readonly faults: ChosenFaults;
}

interface Stored {
  readonly grant: Grant;
  readonly expiresAt: number;
}

/** The result of a lookup of a code. */
export type CodeLookup =
  | { readonly kind: 'found'; readonly grant: Grant }
  | { readonly kind: 'unknown' | 'used' | 'expired' };

/** The codes and access tokens that were issued. */
export class Grants {
  readonly #codes = new Map<string, Stored | 'used'>();
  readonly #accessTokens = new Map<string, Stored>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issueCode(grant: Grant): string {
    return issue(this.#codes, grant, this.#clock.now() + codeSeconds * 1000);
  }

  /** Finds a code, which is no longer valid then. */
  takeCode(code: string): CodeLookup {
    const stored = this.#codes.get(code);
    if (stored === undefined) return { kind: 'unknown' };
    if (stored === 'used') return { kind: 'used' };
    this.#codes.set(code, 'used');
    if (stored.expiresAt <= this.#clock.now()) return { kind: 'expired' };
    return { kind: 'found', grant: stored.grant };
  }

  issueAccessToken(grant: Grant): string {
    return issue(this.#accessTokens, grant, this.#clock.now() + accessTokenSeconds * 1000);
  }

  /** @returns the grant, `expired`, or undefined for a token that was never issued */
  findByAccessToken(token: string): Grant | 'expired' | undefined {
    const stored = this.#accessTokens.get(token);
    if (stored === undefined) return undefined;
    return stored.expiresAt <= this.#clock.now() ? 'expired' : stored.grant;
  }

  clear(): void {
    this.#codes.clear();
    this.#accessTokens.clear();
  }
}

function issue(
  store: Map<string, Stored | 'used'> | Map<string, Stored>,
  grant: Grant,
  expiresAt: number,
): string {
  const value = randomBytes(32).toString('base64url');
  store.set(value, { grant, expiresAt });
  return value;
}
