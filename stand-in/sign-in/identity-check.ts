import type { AuthorizationRequest } from '../authorize/authorization-request.ts';
import type { IdentityOutcome } from '../behaviour/behaviour.ts';
import type { People } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import { identityClaims } from '../registration.ts';
import type { IdentityResult } from '../token/grants.ts';

/** The result of an identity check. */
export type IdentityCheck =
  | { readonly kind: 'not_requested' }
  | { readonly kind: 'finished'; readonly result: Omit<IdentityResult, 'storedAt'> }
  | { readonly kind: 'access_denied' }
  | { readonly kind: 'in_person' };

/** For a person without return codes. */
const anyReturnCodes = ['A'];

/**
 * Checks the identity of a person (docs/one-login.md, 3).
 *
 * @param outcome `AS_THE_PERSON` for the outcome in the person's entry
 */
export function checkIdentity(
  person: Person,
  request: AuthorizationRequest,
  outcome: IdentityOutcome,
  people: People,
): IdentityCheck {
  if (request.trust.levels.length === 0) return { kind: 'not_requested' };
  const ownCodes = person.returnCodes.length > 0 ? person.returnCodes : anyReturnCodes;
  switch (outcome) {
    case 'AS_THE_PERSON':
      return checkAsThePerson(person, request, people);
    case 'PROVED':
      return proved(person, request, []);
    case 'PROVED_WITH_RETURN_CODES':
      return proved(person, request, ownCodes);
    case 'NOT_PROVED_WITH_RETURN_CODES':
      return notProved(request, ownCodes);
    case 'NOT_PROVED_WITHOUT_RETURN_CODES':
      return notProved(request, []);
    case 'ACCESS_DENIED':
      return { kind: 'access_denied' };
    case 'IN_PERSON':
      return { kind: 'in_person' };
  }
}

function checkAsThePerson(person: Person, request: AuthorizationRequest, people: People): IdentityCheck {
  const outcome = people.findInPersonResult(person) ?? person.identityOutcome;
  if (outcome === 'IN_PERSON') return { kind: 'in_person' };
  if (outcome === 'NOT_PROVED') return notProved(request, person.returnCodes);
  return proved(person, request, person.returnCodes);
}

function proved(
  person: Person,
  request: AuthorizationRequest,
  returnCodes: readonly string[],
): IdentityCheck {
  const { identity } = person;
  const level = request.trust.levels.findLast((asked) => asked <= identity.highestLevel);
  if (level === undefined) return notProved(request, returnCodes);
  return { kind: 'finished', result: { proved: { level, identity }, returnCodes } };
}

/** A failure with return codes is `access_denied` for a request without that claim. */
function notProved(request: AuthorizationRequest, returnCodes: readonly string[]): IdentityCheck {
  if (returnCodes.length > 0 && !request.claims.includes(identityClaims.returnCode)) {
    return { kind: 'access_denied' };
  }
  return { kind: 'finished', result: { returnCodes } };
}
