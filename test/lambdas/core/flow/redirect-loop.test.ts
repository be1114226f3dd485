import { describe, expect, test } from '@jest/globals';
import { countRound, roundMilliseconds } from '../../../../lambdas/core/flow/redirect-loop.ts';
import { trustedAddress } from '../../../../lambdas/core/flow/return-to.ts';

const count = (counted: string | undefined, address: string, now: number) =>
  countRound(counted, trustedAddress(address), now);
const first = count(undefined, '/x', 0);

describe('the rounds of a redirect', () => {
  test('are counted as long as one follows the other within seconds', () => {
    expect(first).toMatch(/^1\.[\w-]{8}\.0$/);
    const second = count(first, '/x', roundMilliseconds - 1);
    expect(second).toMatch(/^2\./);
    expect(count(second, '/x', 2 * roundMilliseconds - 1)).toMatch(/^1\./);
  });

  test.each([`x${first}`, `1${first}`, `${first}x`, first.replace('1.', '1.x')])(
    'begin anew with a cookie that is not ours: %s',
    (counted) => {
      expect(count(counted, '/x', 1)).toMatch(/^1\./);
    },
  );

  test.each([
    ['go on with another query at another host', 'https://a.example/?b=1/', 'https://a.example/#2/', 2],
    ['begin anew at another page of another host', 'https://a.example/b', 'https://a.example/c', 1],
    ['begin anew with another query at the same host', '/x?b=1', '/x?b=2', 1],
  ])('%s', (_, before, address, round) => {
    expect(count(count(undefined, before, 0), address, 1).split('.')[0]).toBe(String(round));
  });
});
