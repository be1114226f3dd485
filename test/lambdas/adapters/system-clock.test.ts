import { expect, test } from '@jest/globals';
import { SystemClock } from '../../../lambdas/adapters/system-clock.ts';

test('SystemClock waits for the given time', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('1 ms'), 1);
  const waited = new SystemClock().wait(20).then(() => order.push('20 ms'));
  setTimeout(() => order.push('2 ms'), 2);
  await waited;
  expect(order).toEqual(['1 ms', '2 ms', '20 ms']);
});

test('SystemClock has the time of the system, also with a signal', () => {
  const before = Date.now();
  const clock = new SystemClock();
  const times = [clock.now(), clock.withSignal(new AbortController().signal).now()];
  for (const time of times) {
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  }
});

test('SystemClock with a signal waits, and rejects with its reason at once when that is aborted', async () => {
  const abort = new AbortController();
  const clock = new SystemClock().withSignal(abort.signal);
  await clock.wait(1);
  const waited = clock.wait(3_600_000);
  abort.abort(new Error('the time is over'));
  await expect(waited).rejects.toThrow('the time is over');
  await expect(clock.wait(3_600_000)).rejects.toThrow('the time is over');
});
