import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { HttpsProviderClient } from '../../../../lambdas/adapters/http/https-provider-client.ts';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';
import type { ProviderEndpointName } from '../../../../lambdas/core/one-login/messages.ts';
import { type SeenRequest, type StubProvider, startStubProvider } from './stub-provider.ts';

const userAgent = 'one-login-lambda/1.0 (https://service.example)';

let provider: StubProvider | undefined;
let silent: Server | undefined;
afterEach(async () => {
  await provider?.stop();
  silent?.close();
});

type Answer = (response: ServerResponse, request: SeenRequest, count: number) => void;

async function start(answer: Answer): Promise<string> {
  provider = await startStubProvider(answer);
  return provider.origin;
}

const client = new HttpsProviderClient(userAgent);

function get(url: string) {
  return { endpoint: 'discovery', method: 'GET', url, headers: {} } as const;
}

describe('HttpsProviderClient', () => {
  test('sends method, path, query, headers and body as they are, and its User-Agent', async () => {
    const origin = await start((response) => response.end());
    await client.send({
      endpoint: 'token',
      method: 'POST',
      url: `${origin}/token?a=%20b`,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'code=ŵ',
    });
    expect(provider?.requests).toMatchObject([
      {
        method: 'POST',
        path: '/token?a=%20b',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '7',
          'user-agent': userAgent,
        },
        body: 'code=ŵ',
      },
    ]);
  });

  test('reports the duration of each exchange that has an endpoint, whatever its result', async () => {
    const seen: [string, number][] = [];
    const began = performance.now();
    const observed = new HttpsProviderClient(userAgent, {
      onExchange: (endpoint, milliseconds) => seen.push([endpoint, milliseconds]),
    });
    const request = (endpoint: ProviderEndpointName, url: string) => observed.send({ ...get(url), endpoint });
    const origin = await start((response, { path }) =>
      path === '/answered' ? response.end() : response.destroy(),
    );
    await request('userinfo', `${origin}/answered`);
    await expect(request('token', `${origin}/broken`)).rejects.toThrow();
    // The canary's requests are no calls of One Login that users wait for.
    await observed.send({ method: 'HEAD', url: `${origin}/answered`, headers: {} });
    expect(seen.map(([endpoint]) => endpoint)).toStrictEqual(['userinfo', 'token']);
    for (const [, milliseconds] of seen) expect(milliseconds).toBeLessThanOrEqual(performance.now() - began);
  });

  test('sends its own User-Agent in place of any in the request', async () => {
    const origin = await start((response) => response.end());
    await client.send({ ...get(origin), headers: { 'User-Agent': 'another' } });
    expect(provider?.requests).toMatchObject([{ headers: { 'user-agent': userAgent } }]);
  });

  test.each(['', ' '])('can not be made with the User-Agent "%s"', (blank) => {
    expect(() => new HttpsProviderClient(blank)).toThrow(
      expect.objectContaining({
        code: 'configuration_invalid',
        message: 'the User-Agent for One Login is blank',
      }),
    );
  });

  test('returns status, headers and body of any response, repeated headers joined', async () => {
    const origin = await start((response) => {
      response.writeHead(401, [
        ['WWW-Authenticate', 'Bearer'],
        ['X-Twice', 'one'],
        ['X-Twice', 'two'],
      ]);
      response.end();
    });
    expect(await client.send(get(`${origin}/userinfo`))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'x-twice': 'one, two' },
      body: '',
    });
  });

  test('decodes UTF-8, also when a character is split between two chunks', async () => {
    const origin = await start((response) => {
      const bytes = Buffer.from('{"name":"Siân"}');
      response.write(bytes.subarray(0, 12), () => setImmediate(() => response.end(bytes.subarray(12))));
    });
    expect(await client.send(get(origin))).toMatchObject({ body: '{"name":"Siân"}' });
  });

  // id: no-redirects-followed
  test('does not follow a redirect', async () => {
    const origin = await start((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await client.send(get(origin))).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
    expect(provider?.requests).toHaveLength(1);
  });

  // id: https-only-to-provider
  test.each([
    ['http://oidc.account.gov.uk/token', 'http://oidc.account.gov.uk'],
    ['http://localhost.example/', 'http://localhost.example'],
    ['http://127.0.0.1.example/', 'http://127.0.0.1.example'],
    ['http://example/#localhost', 'http://example'],
    ['http://localhost@example/', 'http://example'],
    ['ftp://localhost/', 'ftp://localhost'],
    ['file:///etc/passwd', 'null'],
    ['not a URL', 'what is not a URL'],
    ['', 'what is not a URL'],
  ])('refuses to call "%s"', async (url, named) => {
    await expect(client.send(get(url))).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: `refused to call ${named}: only https, or http to this machine`,
    });
  });

  test.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://localhost:1/'])(
    'tries to call %s, which is this machine, and reports why it failed',
    async (url) => {
      await expect(client.send(get(url))).rejects.toMatchObject({
        code: 'provider_unreachable',
        message: expect.stringMatching(/: (ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH)$/),
        cause: { code: expect.stringMatching(/^(ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH)$/) },
      });
    },
  );
});

describe('a response that changes the protocol', () => {
  test.each(['GET', 'POST'] as const)('fails a %s at once, and closes the connection', async (method) => {
    const closed = Promise.withResolvers<void>();
    const origin = await start(({ socket }) => {
      socket?.once('close', closed.resolve);
      socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    await expect(client.send({ ...get(origin), method })).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('changes the protocol'),
    });
    await closed.promise;
  });
});

describe('a client that is bound to a signal', () => {
  const reason = new RelyingPartyError('deadline_exceeded', 'over');

  test('ends a request with the reason of the signal', async () => {
    const abort = new AbortController();
    const origin = await start(() => abort.abort(reason));
    await expect(client.withSignal(abort.signal).send(get(origin))).rejects.toBe(reason);
  });

  test('sends nothing once the signal is aborted', async () => {
    const origin = await start((response) => response.end());
    await expect(client.withSignal(AbortSignal.abort(reason)).send(get(origin))).rejects.toBe(reason);
    expect(provider?.requests).toHaveLength(0);
  });
});

describe('the limits of HttpsProviderClient', () => {
  const limited = new HttpsProviderClient(userAgent, {
    connectTimeoutMilliseconds: 150,
    totalTimeoutMilliseconds: 100,
    maxBodyBytes: 10,
  });

  // id: provider-calls-time-limit
  test.each<[string, Answer]>([
    ['never responds', () => undefined],
    ['stops after the headers', (response) => response.writeHead(200).flushHeaders()],
    ['stops in the middle of the body', (response) => response.write('1')],
    [
      'sends a byte now and then, for ever',
      (response) => {
        const timer = setInterval(() => response.write('1'), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
    [
      'sends a byte of its headers now and then, for ever',
      (response) => {
        const timer = setInterval(() => response.socket?.write('x'), 20);
        response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
        response.socket?.once('close', () => clearInterval(timer));
      },
    ],
    [
      'only sends informational responses',
      (response) => {
        const timer = setInterval(() => response.writeProcessing(), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('end a request to a server that %s', async (_, answer) => {
    const origin = await start(answer);
    await expect(limited.send(get(`${origin}/token?code=secret`))).rejects.toMatchObject({
      code: 'provider_timed_out',
      message: `${origin}/token: no complete response within 100 ms`,
    });
    // On a busy machine, the time may be over before the server has read the request.
    expect(provider?.requests.length).toBeLessThan(2);
  });

  test('end the attempt to connect to a server that does not finish the TLS handshake', async () => {
    silent = createServer((socket) => socket.on('error', () => undefined).resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const hurried = new HttpsProviderClient(userAgent, {
      connectTimeoutMilliseconds: 50,
      totalTimeoutMilliseconds: 60_000,
    });
    const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(hurried.send(get(`${origin}/token`))).rejects.toMatchObject({
      code: 'provider_timed_out',
      message: `${origin}/token: no connection within 50 ms`,
    });
  });

  test('end the TLS handshake of a connection that was opened ahead', async () => {
    const begun = Promise.withResolvers<void>();
    // Only a client that is connected begins the handshake.
    silent = createServer((socket) => socket.on('error', () => undefined).on('data', () => begun.resolve()));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const limits = { connectTimeoutMilliseconds: 50, totalTimeoutMilliseconds: 60_000 };
    const hurried = new HttpsProviderClient(userAgent, limits);
    const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    hurried.connect(origin);
    await begun.promise;
    await expect(hurried.send(get(`${origin}/token`))).rejects.toMatchObject({
      code: 'provider_timed_out',
      message: `${origin}/token: no connection within 50 ms`,
    });
  });

  test('do not end an open connection, however long the response takes', async () => {
    const origin = await start((response) => void setTimeout(() => response.end('late'), 100));
    const patient = new HttpsProviderClient(userAgent, {
      connectTimeoutMilliseconds: 50,
      totalTimeoutMilliseconds: 60_000,
    });
    expect(await patient.send(get(origin))).toMatchObject({ body: 'late' });
    expect(await patient.send(get(origin))).toMatchObject({ body: 'late' });
    expect(provider?.connections()).toBe(1);
  });

  test('leave no timer behind', async () => {
    const origin = await start((response) => response.end());
    const [begun, ended] = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'clearTimeout')];
    const limits = { connectTimeoutMilliseconds: 12_345, totalTimeoutMilliseconds: 23_456 };
    await new HttpsProviderClient(userAgent, limits).send(get(origin));
    const own = begun.mock.calls.flatMap(([, delay], index) =>
      delay === 12_345 || delay === 23_456 ? begun.mock.results[index]?.value : [],
    );
    const cleared = ended.mock.calls.map(([timer]) => timer);
    begun.mockRestore();
    ended.mockRestore();
    expect(own).toHaveLength(2);
    for (const timer of own) expect(cleared).toContain(timer);
  });

  test.each<[string, Answer]>([
    ['with its length announced', (response) => response.end('12345678901')],
    ['in chunks', (response) => response.write('123456') && response.write('789012')],
  ])('refuse a body that is too long, %s', async (_, answer) => {
    const origin = await start(answer);
    await expect(limited.send(get(`${origin}/jwks`))).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: `${origin}/jwks: the response has more than 10 bytes`,
    });
  });

  test('let a body of just the longest length through', async () => {
    const origin = await start((response) => response.end('1234567890'));
    expect(await limited.send(get(origin))).toMatchObject({ body: '1234567890' });
  });

  // id: provider-call-limits
  test('are 1.5 seconds to connect, 6 seconds in all and 256 KiB by default', async () => {
    const longest = 256 * 1024;
    const origin = await start((response, _, count) => response.end('x'.repeat(longest + count - 1)));
    const timers = jest.spyOn(globalThis, 'setTimeout');
    expect((await client.send(get(origin))).body).toHaveLength(longest);
    const delays = timers.mock.calls.map(([, delay]) => delay);
    timers.mockRestore();
    expect(delays).toEqual(expect.arrayContaining([1500, 6000]));
    await expect(client.send(get(origin))).rejects.toMatchObject({
      message: `${origin}/: the response has more than ${longest} bytes`,
    });
  });

  test.each([
    ['ends too early', 'destroy'],
    ['breaks off', 'resetAndDestroy'],
  ] as const)('make an error of a body that %s', async (_, end) => {
    const origin = await start((response) => {
      response.writeHead(200, { 'content-length': '9' });
      response.write('123', () => setTimeout(() => response.socket?.[end](), 20));
    });
    await expect(client.send(get(origin))).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect(provider?.requests).toHaveLength(1);
  });

  test('keep query, headers and body out of every error', async () => {
    const origin = await start((response) => response.socket?.destroy());
    const request = {
      endpoint: 'token',
      method: 'POST',
      url: `${origin}/token?in-query`,
      headers: { authorization: 'in-header' },
      body: 'in-body',
    } as const;
    const error = await limited.send(request).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toMatch(/in-(query|header|body)/);
    expect(String((error as Error).cause)).not.toMatch(/in-(query|header|body)/);
  });
});
