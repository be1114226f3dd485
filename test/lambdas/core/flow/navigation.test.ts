import { describe, expect, test } from '@jest/globals';
import { isNavigation, isPassedOn } from '../../../../lambdas/core/flow/navigation.ts';

const sent =
  (headers: Readonly<Record<string, readonly string[]>>) =>
  (name: string): readonly string[] =>
    headers[name] ?? [];

describe('a request whose destination was sent twice, with different values,', () => {
  const headers = sent({ 'sec-fetch-mode': ['navigate'], 'sec-fetch-dest': ['document', 'empty'] });

  test('is no navigation', () => {
    expect(isNavigation(headers)).toBe(false);
  });

  test('was not passed on by a service worker', () => {
    expect(isPassedOn(headers)).toBe(false);
  });
});
