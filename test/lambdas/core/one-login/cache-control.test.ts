import { describe, expect, test } from '@jest/globals';
import {
  longestFreshness,
  readFreshness,
  shortestFreshness,
} from '../../../../lambdas/core/one-login/provider-document.ts';
import { ok } from './example-provider.ts';

const minutes = (count: number) => count * 60_000;

describe('how long a document is fresh', () => {
  test.each<[string, Record<string, string>, number]>([
    ['the max-age', { 'cache-control': 'max-age=1800' }, minutes(30)],
    [
      'the max-age among other directives',
      { 'cache-control': 'public, MAX-AGE="1800" , private' },
      minutes(30),
    ],
    ['less its age in caches', { 'cache-control': 'max-age=1800', age: '600' }, minutes(20)],
    ['at most 50 minutes', { 'cache-control': 'max-age=86400' }, minutes(50)],
    ['at most 50 minutes, however large', { 'cache-control': `max-age=${'9'.repeat(400)}` }, minutes(50)],
    ['at least 5 minutes', { 'cache-control': 'max-age=0' }, minutes(5)],
    ['at least 5 minutes, however old', { 'cache-control': 'max-age=86400', age: '90000' }, minutes(5)],
    ['5 minutes without Cache-Control', {}, minutes(5)],
    ['5 minutes with an ill-formed max-age', { 'cache-control': 'max-age=1h' }, minutes(5)],
    ['5 minutes with text after the max-age', { 'cache-control': 'max-age=1800s' }, minutes(5)],
    ['not by the end of another directive', { 'cache-control': 'x-max-age=1800' }, minutes(5)],
    ['5 minutes with no-store', { 'cache-control': 'max-age=1800, no-store' }, minutes(5)],
    ['5 minutes with no-cache', { 'cache-control': 'no-cache, max-age=1800' }, minutes(5)],
    ['not by s-maxage', { 'cache-control': 's-maxage=1800' }, minutes(5)],
    ['not by Pragma', { 'cache-control': 'max-age=1800', pragma: 'no-cache' }, minutes(30)],
    ['not by an ill-formed Age', { 'cache-control': 'max-age=1800', age: '600, 700' }, minutes(30)],
  ])('is %s', (_case, headers, expected) => {
    expect(readFreshness(ok({}, headers))).toBe(expected);
  });

  test('leaves a removed key trusted for less than an hour, the schedule and the memory included', () => {
    expect(longestFreshness + minutes(5) + minutes(1)).toBeLessThan(minutes(60));
    expect(shortestFreshness).toBe(minutes(5));
  });
});
