import { describe, expect, test } from '@jest/globals';
import {
  createCodeVerifier,
  createNonce,
  createState,
  hasStateShape,
} from '../../../../lambdas/core/one-login/random-values.ts';

describe('random values', () => {
  test.each([
    ['state', createState],
    ['nonce', createNonce],
    ['code verifier', createCodeVerifier],
  ])('%s has 32 bytes in 43 base64url characters, and never comes twice', (_name, create) => {
    const values = Array.from({ length: 200 }, create);
    for (const value of values) {
      expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    }
    expect(new Set(values).size).toBe(values.length);
  });

  test('a state has the shape of a state, and nothing shorter, longer or encoded otherwise has', () => {
    const state = createState();
    expect(hasStateShape(state)).toBe(true);
    for (const other of [
      '',
      state.slice(1),
      `${state}A`,
      `${state}\n`,
      `${state.slice(1)}+`,
      `${state.slice(1)}é`,
    ]) {
      expect(hasStateShape(other)).toBe(false);
    }
  });
});
