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
