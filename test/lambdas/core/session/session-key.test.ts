import { describe, expect, test } from '@jest/globals';
import { createBrowserSecret } from '../../../../lambdas/core/session/cookies.ts';
import { createSessionCredential, deriveSessionKey } from '../../../../lambdas/core/session/session-key.ts';

/** How often each bit is set in the values: of random ones, about half the time. */
function shareOfOnes(values: readonly string[]): readonly number[] {
  const bytes = values.map((value) => Buffer.from(value, 'base64url'));
  return Array.from({ length: 256 }, (_, bit) => {
    const ones = bytes.filter((value) => ((value[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    return ones.length / values.length;
  });
}

describe('the token of a session cookie', () => {
  test.each([
    ['session token', () => createSessionCredential('x').token],
    ['browser secret', createBrowserSecret],
  ])('a %s has 32 random bytes', (_, create) => {
    const values = Array.from({ length: 1_000 }, create);
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) {
      expect(value).toMatch(/^[\w-]{43}$/);
      expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    }
    // Twelve standard deviations from a half: chance alone is not seen to go there.
    for (const share of shareOfOnes(values)) expect(Math.abs(share - 0.5)).toBeLessThan(0.19);
  });

  test('is a hash in the table, not the token itself', () => {
    const { token, subjectKey } = createSessionCredential('x');
    const key = JSON.stringify(deriveSessionKey({ token, subjectKey }));
    expect(key).not.toContain(token);
  });
});
