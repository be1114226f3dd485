import { once } from 'node:events';
import type { Agent } from 'node:http';
import { Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { HttpsProviderClient } from '../../../../lambdas/adapters/http/https-provider-client.ts';
import { KeptConnections } from '../../../../lambdas/adapters/kept-connections.ts';
import { until } from '../../../support/until.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';
import { type StubProvider, startStubProvider } from './stub-provider.ts';

// The list belongs to the process, which runs other test files as well.
const certificates = getCACertificates('default');
afterEach(() => setDefaultCACertificates(certificates));

let provider: StubProvider | undefined;
afterEach(() => {
  jest.restoreAllMocks();
  return provider?.stop();
});

let now = 1_790_000_000_000;
function createClient(): HttpsProviderClient {
  return new HttpsProviderClient('test', { clock: { now: () => now } });
}

function request(method: 'GET' | 'POST') {
  return { endpoint: 'discovery', method, url: `${provider?.origin}/`, headers: {} } as const;
}

/** Which connection each request came on, in order. */
function connectionsUsed(): readonly number[] {
  return provider?.requests.map(({ connection }) => connection) ?? [];
}

describe('the connections to One Login', () => {
  test('are kept and used again', async () => {
    provider = await startStubProvider((response) => response.end('ok'));
    const client = createClient();
    await client.send(request('POST'));
    now += 3000;
    await client.send(request('GET'));
    await client.send(request('POST'));
    expect(connectionsUsed()).toEqual([1, 1, 1]);
  });

  test.each(['GET', 'POST'] as const)(
    'are not used for a %s when they were idle too long by the clock, as after a freeze',
    async (method) => {
      provider = await startStubProvider((response) => response.end('ok'));
      const client = createClient();
      await client.send(request('GET'));
      now += 3001;
      await client.send(request(method));
      expect(connectionsUsed()).toEqual([1, 2]);
    },
  );

  test('are judged by their own idle time, not by that of others', async () => {
    provider = await startStubProvider((response) => response.end('ok'));
    const client = createClient();
    await Promise.all([client.send(request('GET')), client.send(request('GET'))]);
    now += 2000;
    await client.send(request('GET'));
    now += 2000;
    await Promise.all([client.send(request('POST')), client.send(request('POST'))]);
    expect(provider.connections()).toBe(3);
    const [kept, fresh] = connectionsUsed().slice(3).sort();
    expect(kept).toBe(connectionsUsed()[2]);
    expect(fresh).toBe(3);
  });

  test('are not kept after a body that was too long', async () => {
    provider = await startStubProvider((response) => response.end('x'.repeat(100)));
    const client = new HttpsProviderClient('test', { maxBodyBytes: 10 });
    await expect(client.send(request('GET'))).rejects.toThrow();
    await expect(client.send(request('GET'))).rejects.toThrow();
    expect(connectionsUsed()).toEqual([1, 2]);
  });
});

describe('a kept connection that turns out to be dead', () => {
  test('repeats a GET on a fresh connection', async () => {
    provider = await startStubProvider((response, { connection }, count) => {
      if (count > 1 && connection === 1) response.socket?.resetAndDestroy();
      else response.end('ok');
    });
    const client = createClient();
    await client.send(request('GET'));
    expect(await client.send(request('GET'))).toMatchObject({ body: 'ok' });
    expect(connectionsUsed()).toEqual([1, 1, 2]);
  });

  test('repeats a GET on a fresh connection, even if other kept ones exist', async () => {
    provider = await startStubProvider((response, { connection }, count) => {
      if (count > 2 && connection < 3) response.socket?.resetAndDestroy();
      else response.end('ok');
    });
    const client = createClient();
    await Promise.all([client.send(request('GET')), client.send(request('GET'))]);
    expect(await client.send(request('GET'))).toMatchObject({ body: 'ok' });
    expect(provider.requests).toHaveLength(4);
  });

  // id: post-never-resent
  test('fails a POST, which is not sent again', async () => {
    provider = await startStubProvider((response, _, count) => {
      if (count > 1) response.socket?.resetAndDestroy();
      else response.end('ok');
    });
    const client = createClient();
    await client.send(request('GET'));
    await expect(client.send(request('POST'))).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect(connectionsUsed()).toEqual([1, 1]);
  });

  test('is not assumed when a fresh connection breaks: a GET is not sent again', async () => {
    provider = await startStubProvider((response) => response.socket?.resetAndDestroy());
    await expect(createClient().send(request('GET'))).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('ECONNRESET'),
    });
    expect(connectionsUsed()).toEqual([1]);
  });

  test('does not send a GET a third time', async () => {
    provider = await startStubProvider((response, _, count) => {
      if (count > 1) response.socket?.resetAndDestroy();
      else response.end('ok');
    });
    const client = createClient();
    await client.send(request('GET'));
    await expect(client.send(request('GET'))).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect(connectionsUsed()).toEqual([1, 1, 2]);
  });
});

describe('a connection by https', () => {
  // id: untrusted-certificate-refused
  test('is refused when no authority signed the certificate', async () => {
    provider = await startStubProvider((response) => response.end('ok'), createSelfSignedCertificate());
    await expect(createClient().send(request('GET'))).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    });
    expect(provider.requests).toEqual([]);
  });

  test('is kept and judged by the clock as well', async () => {
    const certificate = createSelfSignedCertificate();
    provider = await startStubProvider((response) => response.end('ok'), certificate);
    setDefaultCACertificates([certificate.cert]);
    const client = createClient();
    await client.send(request('GET'));
    expect(await client.send(request('POST'))).toMatchObject({ status: 200, body: 'ok' });
    now += 3001;
    await client.send(request('POST'));
    expect(connectionsUsed()).toEqual([1, 1, 2]);
  });
});

describe.each(['http', 'https'] as const)('a connection by %s that was opened ahead', (scheme) => {
  async function start(): Promise<HttpsProviderClient> {
    const certificate = scheme === 'https' ? createSelfSignedCertificate() : undefined;
    if (certificate) setDefaultCACertificates([certificate.cert]);
    provider = await startStubProvider((response) => response.end('ok'), certificate);
    return createClient();
  }

  test('is used by the next request and kept for the one after it, and is opened once', async () => {
    const client = await start();
    client.connect(request('POST').url);
    client.connect(request('POST').url);
    expect(await client.send(request('POST'))).toMatchObject({ status: 200, body: 'ok' });
    await client.connect(request('POST').url);
    await client.send(request('POST'));
    expect(connectionsUsed()).toEqual([1, 1]);
    expect(provider?.connections()).toBe(1);
  });

  test('is ready when opening it has ended', async () => {
    const client = await start();
    const opened = jest.spyOn(Socket.prototype, 'connect');
    await client.connect(request('POST').url);
    const [socket] = opened.mock.contexts as Socket[];
    opened.mockRestore();
    expect(socket?.readyState).toBe('open');
    expect(Reflect.get(socket ?? {}, 'secureConnecting')).not.toBe(true);
    await client.send(request('POST'));
    expect(provider?.connections()).toBe(1);
  });

  test('is used by one of two requests', async () => {
    const client = await start();
    await client.connect(request('POST').url);
    await Promise.all([client.send(request('POST')), client.send(request('POST'))]);
    expect(connectionsUsed().toSorted()).toEqual([1, 2]);
  });

  test('is used when it is not older than 3 seconds by the clock, and is else opened again', async () => {
    const client = await start();
    await client.connect(request('POST').url);
    await until('a connection', () => provider?.connections() === 1);
    now += 3000;
    await client.connect(request('POST').url);
    now += 1;
    await client.connect(request('POST').url);
    await until('another connection', () => provider?.connections() === 2);
    now += 3000;
    await client.send(request('POST'));
    expect(connectionsUsed()).toEqual([2]);
    expect(provider?.connections()).toBe(2);
  });

  test('keeps no process from ending', async () => {
    const client = await start();
    const unref = jest.spyOn(Socket.prototype, 'unref');
    await client.connect(request('POST').url);
    expect(unref).toHaveBeenCalledTimes(1);
    await client.send(request('POST'));
  });

  test('is not used when it was opened too long ago by the clock, as after a freeze', async () => {
    const client = await start();
    client.connect(request('POST').url);
    await until('a connection', () => provider?.connections() === 1);
    now += 3001;
    await client.send(request('POST'));
    expect(connectionsUsed()).toEqual([2]);
  });

  test.each<[string, (socket: Socket) => Promise<unknown> | Socket, boolean]>([
    ['is not used when it was closed meanwhile', (socket) => once(socket.destroy(), 'close'), false],
    ['is not used when it is about to close', (socket) => socket.destroy(), false],
    ['is opened again when it was closed meanwhile', (socket) => once(socket.destroy(), 'close'), true],
  ])('%s', async (_, close, again) => {
    const client = await start();
    const opened = jest.spyOn(Socket.prototype, 'connect');
    client.connect(request('POST').url);
    const [socket] = opened.mock.contexts as [Socket];
    opened.mockRestore();
    await until('a connection', () => provider?.connections() === 1);
    await close(socket);
    if (again) {
      client.connect(request('POST').url);
      await until('another connection', () => provider?.connections() === 2);
    }
    expect(await client.send(request('POST'))).toMatchObject({ body: 'ok' });
    expect(connectionsUsed()).toEqual([2]);
  });

  test('is not opened when the time of the request is over', async () => {
    const client = await start();
    const { url } = request('POST');
    const opened = jest.spyOn(Socket.prototype, 'connect');
    client.withSignal(AbortSignal.abort()).connect?.(url);
    expect(opened).not.toHaveBeenCalled();
    client.withSignal(new AbortController().signal).connect?.(url);
    expect(opened).toHaveBeenCalledTimes(1);
    opened.mockRestore();
  });

  test('fails nothing when it can not be opened', async () => {
    const client = await start();
    const { url } = request('POST');
    await provider?.stop();
    await client.connect(url);
    await expect(client.send({ ...request('POST'), url })).rejects.toMatchObject({
      code: 'provider_unreachable',
    });
    provider = undefined;
  });
});

describe('a connection to be opened', () => {
  test.each([
    ['localhost', 'localhost'],
    ['service.127.0.0.1', 'service.127.0.0.1'],
    ['127.0.0.1.example', '127.0.0.1.example'],
    ['127.0.0.1', ''],
    ['::1', ''],
  ])('to %s has the name "%s" for TLS', (host, servername) => {
    const createConnection = jest.fn<Agent['createConnection']>(() => new Socket());
    const agent = { createConnection, keepSocketAlive: () => true, freeSockets: {} } as unknown as Agent;
    void new KeptConnections(agent, { now: () => now }, 3000).open(host, 443);
    expect(createConnection).toHaveBeenCalledWith(expect.objectContaining({ host, servername }));
  });
});
