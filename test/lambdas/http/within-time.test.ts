import { expect, jest, test } from '@jest/globals';
import { withinTime } from '../../../lambdas/http/within-time.ts';

const deadline = expect.objectContaining({ code: 'deadline_exceeded' });

test('the signal of a request is aborted two seconds before the function ends', async () => {
  jest.useFakeTimers();
  try {
    await withinTime({ getRemainingTimeInMillis: () => 15_000 }, async (signal) => {
      jest.advanceTimersByTime(12_999);
      expect(signal.aborted).toBe(false);
      jest.advanceTimersByTime(1);
      expect(signal.reason).toEqual(deadline);
    });
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  ['has its response', async () => 'answer'],
  ['has failed', () => Promise.reject(new Error('failed'))],
])('the signal of a request that %s is aborted, so that no call of it continues', async (_, end) => {
  const signals: AbortSignal[] = [];
  await withinTime({}, (signal) => {
    signals.push(signal);
    expect(signal.aborted).toBe(false);
    return end();
  }).catch(() => undefined);
  expect(signals.map(({ reason }) => reason)).toEqual([deadline]);
});

test.each([
  ['has a timer until it ends', { getRemainingTimeInMillis: () => 15_000 }, 1],
  ['has no timer without a deadline', {}, 0],
])('a request %s', async (_, context, timers) => {
  jest.useFakeTimers();
  try {
    await withinTime(context, async () => expect(jest.getTimerCount()).toBe(timers));
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
