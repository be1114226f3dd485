import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from '@jest/globals';
import { guardControl } from '../../stand-in/control/guard.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../../stand-in/index.ts';
import { parseParameters, type Received } from '../../stand-in/server/message.ts';
import { useWorld } from './relying-party.ts';

const world = useWorld();
const started: StandIn[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((standIn) => standIn.close()));
});

async function start(options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const standIn = await startStandIn({ port: 0, client: world.standIn.client, ...options });
  started.push(standIn);
  return standIn;
}

describe('the stand-in', () => {
  test('responds on localhost at each loopback address', async () => {
    const standIn = await start();
    const { port } = new URL(standIn.url);
    expect(standIn.url).toBe(`http://localhost:${port}`);
    expect(standIn.issuer).toBe(`http://localhost:${port}/`);
    const hosts = ['localhost', '127.0.0.1', ...(hasIpv6Loopback() ? ['[::1]'] : [])];
    for (const host of hosts) expect((await fetch(`http://${host}:${port}/trustmark`)).status).toBe(200);
  });

  test('can have the host 127.0.0.1', async () => {
    const standIn = await start({ host: '127.0.0.1' });
    const { port } = new URL(standIn.url);
    expect([standIn.url, standIn.did]).toEqual([`http://127.0.0.1:${port}`, `did:web:127.0.0.1%3A${port}`]);
  });

  test('is not reachable at the addresses for other machines', async () => {
    const standIn = await start();
    const { port } = new URL(standIn.url);
    for (const address of outsideAddresses()) {
      await expect(fetch(`http://${address}:${port}/trustmark`)).rejects.toThrow('fetch failed');
    }
  });

  test('fails when its port is taken, and starts when it is free', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await expect(start({ port })).rejects.toThrow(`EADDRINUSE`);
    await first.close();
    const second = await start({ port });
    expect(second.url).toBe(first.url);
  });
});

test('the control is for this machine only', () => {
  const received = (remoteAddress: string): Received => ({
    method: 'GET',
    path: '/control',
    queryString: '',
    parameters: parseParameters(''),
    headers: { host: 'localhost:3000' },
    body: '',
    remoteAddress,
  });
  for (const address of ['127.0.0.1', '127.0.0.53', '::1', '::ffff:127.0.0.1']) {
    expect(() => guardControl(received(address), 'http://localhost:3000')).not.toThrow();
  }
  for (const address of ['192.168.0.7', '::ffff:10.0.0.1', 'fe80::1', '']) {
    expect(() => guardControl(received(address), 'http://localhost:3000')).toThrow('only this machine');
  }
});

function outsideAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}

function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address }) => address === '::1');
}
