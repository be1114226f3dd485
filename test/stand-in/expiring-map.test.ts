import { describe, expect, test } from '@jest/globals';
import { ExpiringMap } from '../../stand-in/expiring-map.ts';
import { BackchannelLogout } from '../../stand-in/logout/backchannel-logout.ts';
import { TestClock } from '../support/test-clock.ts';

describe('what the stand-in remembers', () => {
  test('is bounded: the values that were stored first go first, and those that were stored again later', () => {
    const values = new ExpiringMap<number>(new TestClock(), 60);
    for (let key = 0; key < 5_000; key += 1) values.set(`${key}`, key);
    values.set('0', 0);
    values.set('new', 1);
    expect(['0', '1', '2', 'new'].map((key) => values.has(key))).toEqual([true, false, true, true]);
  });

  test('has a value that has expired for as long again', () => {
    const clock = new TestClock();
    const values = new ExpiringMap<number>(clock, 60);
    values.set('old', 1);
    clock.advance(119_999);
    values.set('new', 2);
    expect([values.has('old'), values.find('old')]).toEqual([true, undefined]);
    clock.advance(1);
    values.set('new', 3);
    expect([values.has('old'), values.find('new')]).toEqual([false, 3]);
  });

  test('is no more than the last thousand notifications', async () => {
    const logout = new BackchannelLogout('http://localhost/', new TestClock(), {
      mint: () => Promise.reject(new Error('not sent')),
      behaviour: () => {
        throw new Error('not sent');
      },
    });
    logout.close();
    for (let count = 0; count <= 1_000; count += 1) await logout.send({ sub: `${count}` });
    expect(logout.deliveries.map(({ sub }) => sub).slice(0, 2)).toEqual(['1', '2']);
    expect(logout.deliveries).toHaveLength(1_000);
  });
});
