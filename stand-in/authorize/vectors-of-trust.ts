import {
  type CredentialTrust,
  type IdentityLevel,
  identityLevels,
  type RequestedTrust,
} from './authorization-request.ts';

interface Vector {
  readonly credential: CredentialTrust;
  /** P0 counts as none. */
  readonly level: 'P0' | IdentityLevel;
  readonly namesLevel: boolean;
}

const levelOrder: readonly Vector['level'][] = ['P0', ...identityLevels];

/** Thrown for a `vtr` that One Login refuses as "Request vtr not valid" or "Request vtr is not permitted". */
export class VtrRefused extends Error {
  override readonly name = 'VtrRefused';
  readonly kind: 'not_valid' | 'not_permitted';

  constructor(kind: VtrRefused['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Reads the `vtr` claim of a request object (RFC 8485; docs/one-login.md, 1).
 *
 * @param value an array of vectors, the same as a JSON string, or undefined for the default `["Cl.Cm"]`
 * @param clientLoCs the levels that the service is registered for
 * @throws VtrRefused
 */
export function readVtr(value: unknown, clientLoCs: readonly string[]): RequestedTrust {
  const vectors = listVectors(value).map(readVector);
  const forIdentity = vectors.filter((vector) => vector.level !== 'P0');
  if (forIdentity.length > 0 && forIdentity.length < vectors.length) {
    throw new VtrRefused('not_valid', 'vtr mixes vectors with and without a level of confidence');
  }
  const forbidden = vectors.find((vector) => vector.namesLevel && !clientLoCs.includes(vector.level));
  if (forbidden !== undefined) {
    throw new VtrRefused(
      'not_permitted',
      `the service is not registered for ${forbidden.level} (ClientLoCs)`,
    );
  }
  return {
    credential: findWeakest(vectors).credential,
    levels: identityLevels.filter((level) => vectors.some((vector) => vector.level === level)),
  };
}

function listVectors(value: unknown): readonly unknown[] {
  if (value === undefined) return ['Cl.Cm'];
  const list = typeof value === 'string' ? parseJson(value) : value;
  if (!Array.isArray(list) || list.length === 0) {
    throw new VtrRefused('not_valid', 'vtr must be an array of vectors, or a JSON string with one');
  }
  return list;
}

function readVector(text: unknown): Vector {
  if (typeof text !== 'string') throw new VtrRefused('not_valid', 'vtr holds something that is no string');
  const components = text.split('.');
  const levels = components.filter((component) => component.startsWith('P'));
  const credential = components
    .filter((component) => component.startsWith('C'))
    .sort()
    .join('.');
  const level = levels[0] ?? 'P0';
  if (credential !== 'Cl' && credential !== 'Cl.Cm') {
    throw new VtrRefused('not_valid', `vtr: the credential part of ${text} is neither Cl nor Cl.Cm`);
  }
  if (levels.length > 1 || !isLevel(level)) {
    throw new VtrRefused('not_valid', `vtr: ${text} has a level of confidence that One Login does not know`);
  }
  if (level !== 'P0' && credential !== 'Cl.Cm') {
    throw new VtrRefused('not_valid', `vtr: ${text} asks for an identity, which needs Cl.Cm`);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VtrRefused('not_valid', 'vtr is a string that is not JSON');
  }
}
