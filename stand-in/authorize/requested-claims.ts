import { knownClaims } from '../registration.ts';

/** Thrown for a `claims` parameter over which the real One Login falls: it is not JSON, or no object. */
export class ClaimsUnreadable extends Error {
  override readonly name = 'ClaimsUnreadable';
}

/** Thrown for claims that may not be asked for. */
export class ClaimsRefused extends Error {
  override readonly name = 'ClaimsRefused';
}

/**
 * Reads the `claims` parameter (OIDC Core 5.5): a JSON string, as it should be sent, or an object, which the real
 * One Login takes as well.
 *
 * @param registered the claims that the service is registered for
 * @returns the names of the userinfo claims
 * @throws ClaimsUnreadable, ClaimsRefused
 */
export function readRequestedClaims(value: unknown, registered: readonly string[]): readonly string[] {
  if (value === undefined) return [];
  const claims = readObject(typeof value === 'string' ? parseJson(value) : value, 'claims');
  const others = Object.keys(claims).filter((member) => member !== 'userinfo');
  if (others.length > 0) throw new ClaimsRefused(`claims has ${others.join(', ')}; only userinfo is served`);
  const names = Object.keys(readObject(claims['userinfo'] ?? {}, 'claims.userinfo'));
  const unknown = names.find((name) => !knownClaims.includes(name));
  if (unknown !== undefined) throw new ClaimsRefused(`One Login has no claim ${unknown}`);
  const unregistered = names.find((name) => !registered.includes(name));
  if (unregistered !== undefined) {
    throw new ClaimsRefused(`the service is not registered for the claim ${unregistered}`);
  }
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ClaimsUnreadable('claims is a string that is not JSON');
  }
}

function readObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ClaimsUnreadable(`${name} is no JSON object`);
  }
  return value as Readonly<Record<string, unknown>>;
}
