import { Socket } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ConnectionPool } from '../../../../lambdas/adapters/http/connection-pool.ts';

afterEach(() => void jest.restoreAllMocks());

describe('a connection that a pool opens', () => {
  test.each([
    ['https://localhost/', 443],
    ['http://localhost/', 80],
    ['https://localhost:8443/', 8443],
  ])('for %s goes to port %i', (url, port) => {
    const connect = jest.spyOn(Socket.prototype, 'connect').mockReturnThis();
    void new ConnectionPool({ now: () => 0 }, 1000).open(new URL(url));
    expect(connect.mock.calls.flat(2)).toContainEqual(expect.objectContaining({ host: 'localhost', port }));
  });
});
