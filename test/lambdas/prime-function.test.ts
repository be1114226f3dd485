import { describe, expect, test } from '@jest/globals';
import { SystemClock } from '../../lambdas/adapters/system-clock.ts';
import { primeFunction } from '../../lambdas/prime-function.ts';

const endless = () => new Promise<never>(() => undefined);

describe('primeFunction', () => {
  test('begins everything at once, and resolves when all of it is done', async () => {
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    let primed = false;
    const priming = primeFunction(
      { wait: endless },
      () => first.promise,
      () => second.promise,
    ).then(() => {
      primed = true;
    });
    second.resolve();
    await new Promise(setImmediate);
    expect(primed).toBe(false);
    first.resolve();
    await priming;
  });

  test('ignores failures', async () => {
    const fail = () => {
      throw new Error('at once');
    };
    await primeFunction({ wait: endless }, fail, () => Promise.reject(new Error('later')));
  });

  test('waits no longer than half a second, and aborts what is not done by then', async () => {
    const limits: number[] = [];
    const wait = async (milliseconds: number) => void limits.push(milliseconds);
    let given: AbortSignal | undefined;
    await primeFunction({ wait }, (signal) => {
      given = signal;
      return endless();
    });
    expect(limits).toEqual([500]);
    expect(given?.aborted).toBe(true);
  });

  test('leaves no timer behind', async () => {
    const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = countTimers();
    await primeFunction(new SystemClock(), async () => undefined);
    expect(countTimers()).toBe(before);
  });
});
