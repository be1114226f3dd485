import type { JWTPayload } from 'jose';
import type { ClientRegistration } from '../registration.ts';
import type { Refusal } from '../server/refusal.ts';
import {
  type CredentialTrust,
  type IdentityLevel,
  identityLevels,
  type RequestedTrust,
} from './authorization-request.ts';
import { invalidRequest, type RefuseByRedirect } from './refusals.ts';

interface Vector {
  readonly credential: CredentialTrust;
  /** P0 is no level. */
  readonly level: 'P0' | IdentityLevel;
  readonly namesLevel: boolean;
}

const levelOrder: readonly Vector['level'][] = ['P0', ...identityLevels];

/** @returns the error for a `vtr` that One Login refuses */
type RefuseVtr = (kind: 'not_valid' | 'not_permitted', reason: string) => Refusal;

/**
 * Reads the `vtr` claim of a request object (RFC 8485; docs/one-login.md, 1).
 *
 * It is an array of vectors, the same as a JSON string, or undefined for the default `["Cl.Cm"]`.
 *
 * @throws Refusal
 */
export function readTrust(
  claims: JWTPayload,
  { clientLoCs }: ClientRegistration,
  refuseByRedirect: RefuseByRedirect,
): RequestedTrust {
  const refuse: RefuseVtr = (kind, reason) => {
    const description = kind === 'not_valid' ? 'Request vtr not valid' : 'Request vtr is not permitted';
    return refuseByRedirect(`vtr_${kind}`, reason, invalidRequest(description));
  };
  const vectors = listVectors(claims['vtr'], refuse).map((vector) => readVector(vector, refuse));
  const forIdentity = vectors.filter((vector) => vector.level !== 'P0');
  if (forIdentity.length > 0 && forIdentity.length < vectors.length) {
    throw refuse('not_valid', 'vtr mixes vectors with and without a level of confidence');
  }
  const forbidden = vectors.find(
    (vector) => vector.namesLevel && !(clientLoCs as readonly string[]).includes(vector.level),
  );
  if (forbidden !== undefined) {
    throw refuse('not_permitted', `the service is not registered for ${forbidden.level} (ClientLoCs)`);
  }
  return {
    credential: findWeakest(vectors).credential,
    levels: identityLevels.filter((level) => vectors.some((vector) => vector.level === level)),
  };
}

function listVectors(value: unknown, refuse: RefuseVtr): readonly unknown[] {
  if (value === undefined) return ['Cl.Cm'];
  const list = typeof value === 'string' ? parseJson(value, refuse) : value;
  if (!Array.isArray(list) || list.length === 0) {
    throw refuse('not_valid', 'vtr must be an array of vectors, or a JSON string with one');
  }
  return list;
}

function readVector(text: unknown, refuse: RefuseVtr): Vector {
  if (typeof text !== 'string') throw refuse('not_valid', 'vtr contains something that is not a string');
  const components = text.split('.');
  const levels = components.filter((component) => component.startsWith('P'));
  const credential = components
    .filter((component) => component.startsWith('C'))
    .sort()
    .join('.');
  const level = levels[0] ?? 'P0';
  if (credential !== 'Cl' && credential !== 'Cl.Cm') {
    throw refuse('not_valid', `vtr: the credential part of ${text} is neither Cl nor Cl.Cm`);
  }
  if (levels.length > 1 || !isLevel(level)) {
    throw refuse('not_valid', `vtr: ${text} has a level of confidence that One Login does not know`);
  }
  if (level !== 'P0' && credential !== 'Cl.Cm') {
    throw refuse('not_valid', `vtr: ${text} asks for an identity, which needs Cl.Cm`);
  }
  return { credential, level, namesLevel: levels.length > 0 };
}

function isLevel(text: string): text is Vector['level'] {
  return (levelOrder as readonly string[]).includes(text);
}

function findWeakest(vectors: readonly Vector[]): Vector {
  const strength = (vector: Vector) =>
    levelOrder.indexOf(vector.level) * 2 + (vector.credential === 'Cl.Cm' ? 1 : 0);
  return vectors.reduce((weakest, vector) => (strength(vector) < strength(weakest) ? vector : weakest));
}

function parseJson(text: string, refuse: RefuseVtr): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('not_valid', 'vtr is a string that is not JSON');
  }
}
