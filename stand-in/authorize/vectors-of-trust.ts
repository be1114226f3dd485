import type { ClientRegistration } from '../registration.ts';
import { parseJson } from '../server/message.ts';
import {
  type CredentialTrust,
  type IdentityLevel,
  identityLevels,
  type RequestedTrust,
} from './authorization-request.ts';
import { RedirectedError } from './refusals.ts';

interface Vector {
  readonly credential: CredentialTrust;
  /** P0 is no level. */
  readonly level: 'P0' | IdentityLevel;
  readonly namesLevel: boolean;
}

const levelOrder: readonly Vector['level'][] = ['P0', ...identityLevels];

/**
 * Reads the `vtr` claim of a request object (RFC 8485; docs/one-login.md, 1).
 *
 * @param vtr an array of vectors, the same as a JSON string, or undefined for the default `["Cl.Cm"]`
 * @throws RedirectedError
 */
export function readTrust(vtr: unknown, client: ClientRegistration): RequestedTrust {
  const clientLoCs: readonly string[] = client.clientLoCs;
  const vectors = listVectors(vtr).map(readVector);
  const forIdentity = vectors.filter((vector) => vector.level !== 'P0');
  if (forIdentity.length > 0 && forIdentity.length < vectors.length) {
    throw invalid('vtr mixes vectors with and without a level of confidence');
  }
  const forbidden = vectors.find((vector) => vector.namesLevel && !clientLoCs.includes(vector.level));
  if (forbidden !== undefined) {
    const reason = `the service is not registered for ${forbidden.level} (ClientLoCs)`;
    throw new RedirectedError('vtr_not_permitted', reason);
  }
  return {
    credential: vectors.some(({ credential }) => credential === 'Cl') ? 'Cl' : 'Cl.Cm',
    levels: identityLevels.filter((level) => vectors.some((vector) => vector.level === level)),
  };
}

function invalid(reason: string): RedirectedError {
  return new RedirectedError('vtr_not_valid', reason);
}

function listVectors(vtr: unknown): readonly unknown[] {
  if (vtr === undefined) return ['Cl.Cm'];
  const list = typeof vtr === 'string' ? parseJson(vtr) : vtr;
  if (Array.isArray(list) && list.length > 0) return list;
  throw invalid('vtr must be an array of vectors, or a JSON string with one');
}

function readVector(text: unknown): Vector {
  if (typeof text !== 'string') throw invalid('vtr contains something that is not a string');
  const components = text.split('.');
  const levels = components.filter((component) => component.startsWith('P'));
  const credential = components
    .filter((component) => component.startsWith('C'))
    .sort()
    .join('.');
  const level = levels[0] ?? 'P0';
  if (credential !== 'Cl' && credential !== 'Cl.Cm') {
    throw invalid(`vtr: the credential part of ${text} is neither Cl nor Cl.Cm`);
  }
  if (levels.length > 1 || !isLevel(level)) {
    throw invalid(`vtr: ${text} has a level of confidence that One Login does not have`);
  }
  if (level !== 'P0' && credential !== 'Cl.Cm') {
    throw invalid(`vtr: ${text} requests an identity, which needs Cl.Cm`);
  }
  return { credential, level, namesLevel: levels.length > 0 };
}

function isLevel(text: string): text is Vector['level'] {
  return (levelOrder as readonly string[]).includes(text);
}
