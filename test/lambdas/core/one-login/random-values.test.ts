import { describe, expect, test } from '@jest/globals';
import { createRandomValue, hasRandomValueShape } from '../../../../lambdas/core/one-login/random-values.ts';
import { createSessionCredential } from '../../../../lambdas/core/session/session-key.ts';

/** How often each bit is set in the values: about half the time if they are random. */
function shareOfOnes(values: readonly string[]): readonly number[] {
  const bytes = values.map((value) => Buffer.from(value, 'base64url'));
  return Array.from({ length: 256 }, (_, bit) => {
    const ones = bytes.filter((value) => ((value[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    return ones.length / values.length;
  });
}

describe('a random value', () => {
  // id: random-values-32-bytes
  test.each([
    ['for a request', createRandomValue],
    ['for the session cookie', () => createSessionCredential('x').token],
  ])('%s has 32 random bytes', (_, create) => {
    const values = Array.from({ length: 1_000 }, create);
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) {
      expect(hasRandomValueShape(value)).toBe(true);
      expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    }
    // Twelve standard deviations from a half: chance alone is not seen to go there.
    for (const share of shareOfOnes(values)) expect(Math.abs(share - 0.5)).toBeLessThan(0.19);
  });

  test('has a shape that nothing shorter, longer or in another encoding has', () => {
    const value = createRandomValue();
    const start = value.slice(1);
    for (const other of ['', start, `${value}A`, `${value}\n`, `${start}+`, `${start}é`]) {
      expect(hasRandomValueShape(other)).toBe(false);
    }
  });
});
