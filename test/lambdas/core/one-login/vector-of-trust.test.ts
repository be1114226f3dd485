import { describe, expect, test } from '@jest/globals';
import {
  credentialTrusts,
  isVectorOfTrust,
  levelsOfConfidence,
  readCredentialTrust,
  readLevelOfConfidence,
  sufficesAsCredential,
  sufficesAsIdentity,
  vectorsOfTrust,
} from '../../../../lambdas/core/one-login/vector-of-trust.ts';

describe('a vector of trust', () => {
  test('is one of the four that One Login accepts', () => {
    expect(vectorsOfTrust.every(isVectorOfTrust)).toBe(true);
    for (const other of [
      '',
      'P2',
      'Cl.P2',
      'Cm.Cl',
      'cl.cm',
      'Cl.Cm.P3',
      'Cl.Cm.P2 ',
      undefined,
      1,
      ['Cl'],
    ]) {
      expect(isVectorOfTrust(other)).toBe(false);
    }
  });

  test('has a credential part and, for identity, a level of confidence', () => {
    expect(
      vectorsOfTrust.map((vector) => [readCredentialTrust(vector), readLevelOfConfidence(vector)]),
    ).toEqual([
      ['Cl', undefined],
      ['Cl.Cm', undefined],
      ['Cl.Cm', 'P1'],
      ['Cl.Cm', 'P2'],
    ]);
  });

  test('is reached as credential by one that matches or exceeds it', () => {
    const reached = credentialTrusts.map((trust) =>
      vectorsOfTrust.map((asked) => sufficesAsCredential(trust, asked)),
    );
    expect(reached).toEqual([
      [true, false, false, false],
      [true, true, true, true],
    ]);
  });

  // id: identity-level-compared
  test('is reached as identity by a level that matches or exceeds its own, and not when it has none', () => {
    const reached = levelsOfConfidence.map((level) =>
      vectorsOfTrust.map((asked) => sufficesAsIdentity(level, asked)),
    );
    expect(reached).toEqual([
      [false, false, true, false],
      [false, false, true, true],
    ]);
  });
});
