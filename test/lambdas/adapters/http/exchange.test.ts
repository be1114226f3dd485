import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ConnectionPool } from '../../../../lambdas/adapters/http/connection-pool.ts';
import { exchange } from '../../../../lambdas/adapters/http/exchange.ts';
import { until } from '../../../support/until.ts';
import { type StubProvider, startStubProvider } from './stub-provider.ts';

let provider: StubProvider | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await provider?.stop();
  provider = undefined;
});

const limits = {
  connectTimeoutMilliseconds: 70_001,
  totalTimeoutMilliseconds: 70_002,
  maxBodyBytes: 10,
};

function send(origin: string, signal?: AbortSignal) {
  const pool = new ConnectionPool({ now: () => 0 }, 1000);
  return exchange(pool, new URL(origin), { ...limits, method: 'GET', headers: {}, signal });
}

describe('an exchange', () => {
  test.each([
    ['with a response', (origin: string) => send(origin)],
    [
      'without a connection',
      async (origin: string) => {
        await provider?.stop();
        provider = undefined;
        await expect(send(origin)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      },
    ],
  ])('%s leaves no time limit behind', async (_, run) => {
    provider = await startStubProvider((response) => response.end('ok'));
    const started = jest.spyOn(globalThis, 'setTimeout');
    const cleared = jest.spyOn(globalThis, 'clearTimeout');
    await run(provider.origin);
    const timers = started.mock.calls.flatMap(([, delay], index) =>
      Number(delay) > 70_000 ? [started.mock.results[index]?.value] : [],
    );
    expect(timers).toHaveLength(2);
    await until('both are cleared', () =>
      timers.every((timer) => cleared.mock.calls.some(([each]) => each === timer)),
    );
  });

  test('leaves no listener on its signal', async () => {
    provider = await startStubProvider((response) => response.end('ok'));
    const { signal } = new AbortController();
    await send(provider.origin, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('rejects with the reason of its signal, before and after its request was sent', async () => {
    const abort = new AbortController();
    provider = await startStubProvider(() => abort.abort(new Error('the time is over')));
    await expect(send(provider.origin, abort.signal)).rejects.toThrow('the time is over');
    expect(provider.requests).toHaveLength(1);
    await expect(send(provider.origin, abort.signal)).rejects.toThrow('the time is over');
    expect(provider.requests).toHaveLength(1);
  });
});
