/**
 * Parses environment variables for composition roots. The values were validated when the app was synthesised. A function
 * with another value must not start.
 */
import type { ConfiguredJourney, Journeys } from './core/flow/journey.ts';
import { trustedAddress } from './core/flow/return-to.ts';
import { vocabulary } from './core/one-login/identity-claims.ts';
import { isVectorOfTrust, type VectorOfTrust } from './core/one-login/vector-of-trust.ts';

/** A JSON array of vectors of trust, which may be empty. */
export function readVectors(json: string): readonly VectorOfTrust[] {
  const vectors = readStrings(json);
  if (!vectors.every(isVectorOfTrust)) throw invalid('vectors of trust');
  return vectors;
}

/** One vector of trust. */
export function readVector(value: string): VectorOfTrust {
  if (!isVectorOfTrust(value)) throw invalid('a vector of trust');
  return value;
}

/** A JSON array of strings. */
export function readStrings(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw invalid('strings');
  return value;
}

/**
 * A JSON array of journeys, as in the config, but with short names of claims, such as `address`: a function's variables
 * have little space.
 *
 * @returns the journeys by name
 */
export function readJourneys(json: string): Journeys {
  const entries: unknown = JSON.parse(json);
  if (!Array.isArray(entries)) throw invalid('journeys');
  return new Map(entries.map(readJourney));
}

function readJourney(entry: unknown): [string, ConfiguredJourney] {
  const { name, vtr, claims, maxAgeSeconds, notProvedUrl } = Object(entry) as Record<string, unknown>;
  if (typeof name !== 'string' || !Array.isArray(vtr) || !vtr.every(isVectorOfTrust))
    throw invalid('journeys');
  return [
    name,
    {
      vtr,
      ...(Array.isArray(claims) ? { claims: claims.map((claim) => `${vocabulary}${claim}`) } : {}),
      ...(typeof maxAgeSeconds === 'number' ? { maxAge: maxAgeSeconds } : {}),
      ...(typeof notProvedUrl === 'string' ? { notProvedUrl: trustedAddress(notProvedUrl) } : {}),
    },
  ];
}

/** A whole number of seconds, in milliseconds. */
export function readMilliseconds(seconds: string): number {
  if (!/^[1-9]\d*$/.test(seconds)) throw invalid('a number of seconds');
  return Number(seconds) * 1000;
}

/** Seconds, or undefined for the empty string. */
export function readOptionalSeconds(seconds: string): number | undefined {
  if (seconds === '') return undefined;
  if (!/^\d+$/.test(seconds)) throw invalid('a number of seconds');
  return Number(seconds);
}

export function readIdTokenAlgorithm(value: string): 'ES256' | 'RS256' {
  if (value !== 'ES256' && value !== 'RS256') throw invalid('ES256 or RS256');
  return value;
}

function invalid(expected: string): Error {
  return new Error(`an environment variable does not contain ${expected}`);
}
