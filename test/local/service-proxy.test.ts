import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { WebSocket, WebSocketServer } from 'ws';
import { Cleanup } from '../../local/cleanup.ts';
import { openFrontDoor } from '../../local/front-door.ts';
import { apiAtRoot } from './support/root-api.ts';

let cleanup = new Cleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = new Cleanup();
});

/** Listens at a port of its own. @returns the origin */
async function listen(server: Server, port = 0, address = '127.0.0.1'): Promise<string> {
  server.listen(port, address);
  await once(server, 'listening');
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** @returns the origin of a front door in front of the service */
async function openFor(service: string): Promise<string> {
  const door = await openFrontDoor({ port: 0, service }, cleanup);
  door.serve(apiAtRoot(), '/auth');
  return door.url;
}

/** @returns the origins of a service and of the front door before it */
async function serve(listener: RequestListener) {
  const service = await listen(createServer(listener));
  return { service, door: await openFor(service) };
}

/** Responds with what it received. */
const echo: RequestListener = async (incoming, response) => {
  const { method, url, headers } = incoming;
  response.end(JSON.stringify({ method, url, headers, body: await text(incoming) }));
};

async function sendTo(url: string, init: RequestInit = {}) {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  return (await answer.json()) as {
    method: string;
    url: string;
    headers: IncomingHttpHeaders;
    body: string;
  };
}

const navigation = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'document' };

/** The origin of a service that is not running. */
async function findDeadOrigin(): Promise<string> {
  const server = createServer();
  const origin = await listen(server);
  server.close();
  await once(server, 'close');
  return origin;
}

describe('the front door of a service', () => {
  test('keeps /auth and everything below it', async () => {
    const { door } = await serve(echo);
    for (const path of ['/auth', '/auth?a=b', '/auth/', '/auth/x']) {
      expect((await fetch(`${door}${path}`)).headers.has('x-amz-apigw-id')).toBe(true);
    }
  });

  test.each(['/', '/author', '/x/auth/login', '/AUTH', '/a%2Fb//c?d=%20&e'])(
    'forwards %s unchanged',
    async (path) => {
      const { door } = await serve(echo);
      expect(await sendTo(`${door}${path}`)).toMatchObject({ method: 'GET', url: path });
    },
  );

  test('forwards the method, the body and the cookies of a request', async () => {
    const { door } = await serve(echo);
    const headers = { cookie: '__Host-one-login-session=a.b; theme=dark', 'content-type': 'text/plain' };

    expect(await sendTo(`${door}/form`, { method: 'PATCH', body: 'zoë', headers })).toMatchObject({
      method: 'PATCH',
      body: 'zoë',
      headers,
    });
  });

  test('passes status, cookies and redirects back unchanged', async () => {
    const { door } = await serve((_, response) => {
      const cookies = ['a=1; Path=/', 'b=2; Domain=example.com; Path=/x'];
      response
        .writeHead(307, 'Elsewhere', { Location: 'http://localhost:1/next', 'Set-Cookie': cookies })
        .end();
    });
    const { status, statusText, headers } = await fetch(door, { redirect: 'manual' });

    expect([status, statusText, headers.get('location')]).toEqual([
      307,
      'Elsewhere',
      'http://localhost:1/next',
    ]);
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Domain=example.com; Path=/x']);
  });

  test('adds where the request came from', async () => {
    const { door } = await serve(echo);
    const { host } = new URL(door);
    const { headers } = await sendTo(door);

    expect(headers).toMatchObject({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    });
  });

  test('passes the name that the service has elsewhere, where several sites may share a server', async () => {
    const { port } = new URL(await listen(createServer(echo), 0, '0.0.0.0'));
    const door = await openFor(`http://${hostname()}:${port}`);
    const { headers } = await sendTo(door);

    expect(headers.host).toBe(`${hostname()}:${port}`.toLowerCase());
    expect(headers['x-forwarded-host']).toBe(new URL(door).host);
  });

  test('keeps what a tunnel in front of it has added', async () => {
    const { door } = await serve(echo);
    const { headers } = await sendTo(door, {
      headers: {
        'x-forwarded-host': 'tunnel.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-for': '192.0.2.1',
      },
    });

    expect(headers).toMatchObject({
      'x-forwarded-host': 'tunnel.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': expect.stringMatching(/^192\.0\.2\.1, (127\.0\.0\.1|::1)$/),
    });
  });

  test('forwards to a service with a self-signed certificate', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const origin = await listen(createTlsServer({ key, cert }, echo));

    expect(await sendTo(await openFor(origin.replace('http:', 'https:')))).toMatchObject({ method: 'GET' });
  });

  test('passes an upload on before it is complete', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<number>();
    const { door } = await serve(async (incoming, response) => {
      incoming.once('data', (chunk: Buffer) => resolve(chunk.length));
      response.end(`${(await buffer(incoming)).length}`);
    });
    const upload = request(door, { method: 'POST' });
    upload.write(randomBytes(1000));
    expect(await arrived).toBe(1000);
    const chunk = randomBytes(1024 * 1024);
    for (let megabyte = 0; megabyte < 32; megabyte++) upload.write(chunk);
    upload.end();

    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(await text(answer)).toBe(`${1000 + 32 * chunk.length}`);
  });

  test('passes each event of a stream on at once, and its head before the first', async () => {
    const { promise: opened, resolve: send } = Promise.withResolvers<(event: string) => void>();
    const { door } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      send((event) => response.write(`data: ${event}\n\n`));
    });
    const { body, headers } = await fetch(door);
    const events = body?.pipeThrough(new TextDecoderStream()).getReader();
    const write = await opened;

    expect(headers.get('content-type')).toBe('text/event-stream');
    for (const event of ['first', 'second']) {
      write(event);
      expect(await events?.read()).toMatchObject({ value: `data: ${event}\n\n` });
    }
    await events?.cancel();
  });

  test('ends a request at the service when the browser ends it', async () => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const { door } = await serve((_, response) => {
      response.on('close', resolve);
      response.write('first');
    });
    const aborting = get(door);
    const [answer] = (await once(aborting, 'response')) as [IncomingMessage];
    answer.on('error', () => {});
    aborting.destroy();

    await ended;
  });

  test('ends a response that the service breaks off', async () => {
    const { door } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('first', () => response.destroy());
    });

    await expect(fetch(door).then((answer) => answer.text())).rejects.toThrow();
  });

  test('responds to a request for another protocol than WebSocket without it, as Java sends it', async () => {
    const { door } = await serve(echo);
    const upgrade = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    };
    const post = request(`${door}/form`, {
      method: 'POST',
      headers: { ...upgrade, 'content-length': 200_000 },
    });
    post.end('x'.repeat(200_000));
    const [answer] = (await once(post, 'response')) as [IncomingMessage];
    const received = JSON.parse(await text(answer));

    expect(received).toMatchObject({ method: 'POST', url: '/form', body: 'x'.repeat(200_000) });
    expect(received.headers).not.toHaveProperty('upgrade');
    const [fromApi] = (await once(get(`${door}/auth`, { headers: upgrade }), 'response')) as [
      IncomingMessage,
    ];
    expect(fromApi.headers).toHaveProperty('x-amz-apigw-id');
  });
});

describe('a WebSocket through the front door', () => {
  async function serveSockets() {
    const server = createServer(echo);
    const sockets = new WebSocketServer({ server });
    const requests: IncomingMessage[] = [];
    const opened = new Promise<WebSocket>((resolve) => {
      sockets.on('connection', (socket, incoming) => {
        requests.push(incoming);
        socket.on('message', (message) => socket.send(`${message}, echoed`));
        resolve(socket);
      });
    });
    const door = await openFor(await listen(server));
    return { url: door.replace('http', 'ws'), opened, requests };
  }

  test('carries messages in both directions, and its cookies and protocol', async () => {
    const { url, requests } = await serveSockets();
    const headers = { cookie: 'theme=dark', origin: url.replace('ws', 'http') };
    const socket = new WebSocket(`${url}/live?a=b`, 'chat', { headers });
    await once(socket, 'open');
    for (const message of ['first', 'x'.repeat(100_000)]) {
      socket.send(message);
      expect(String((await once(socket, 'message'))[0])).toBe(`${message}, echoed`);
    }

    expect(socket.protocol).toBe('chat');
    expect(requests[0]).toMatchObject({
      url: '/live?a=b',
      headers: { ...headers, host: new URL(url).host, 'x-forwarded-proto': 'http' },
    });
    socket.close(4000, 'enough');
    expect(await once(socket, 'close')).toEqual([4000, Buffer.from('enough')]);
  });

  test('ends at the service when the browser is gone, and in the browser when the service is', async () => {
    const first = await serveSockets();
    const browser = new WebSocket(first.url);
    const [atService] = await Promise.all([first.opened, once(browser, 'open')]);
    browser.terminate();
    await once(atService, 'close');

    const second = await serveSockets();
    const other = new WebSocket(second.url);
    const [service] = await Promise.all([second.opened, once(other, 'open')]);
    service.terminate();
    expect(await once(other, 'close')).toEqual([1006, Buffer.from('')]);
  });

  /** Only requests a WebSocket. */
  async function knock(door: string): Promise<Socket> {
    const socket = connect(Number(new URL(door).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(socket, 'ready');
    return socket;
  }

  test.each([
    [
      'has been opened',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['is being opened', ''],
  ])('ends at the service when the connection of the browser breaks after it %s', async (_, head) => {
    const server = createServer();
    const door = await openFor(await listen(server));
    const browser = await knock(door);
    const [, atService] = (await once(server, 'upgrade')) as [IncomingMessage, Socket];
    const ended = once(atService.on('error', () => {}).resume(), 'end');
    atService.write(head);
    if (head !== '') await once(browser, 'data');
    browser.resetAndDestroy();

    await ended;
  });

  test('harms nothing when the connection of the browser breaks before the API is ready', async () => {
    const service = await listen(createServer(echo));
    const door = await openFrontDoor({ port: 0, service }, cleanup);
    const browser = await knock(door.url);
    browser.resetAndDestroy();
    await once(browser, 'close');
    door.serve(apiAtRoot(), '/auth');

    expect(await sendTo(door.url)).toMatchObject({ method: 'GET' });
  });

  test.each([
    ['the service is not running', findDeadOrigin, 503],
    [
      'the service refuses it',
      async () => (await serve((_, response) => response.writeHead(401).end())).service,
      401,
    ],
  ])('is refused when %s', async (_, find, status) => {
    const door = await openFor(await find());
    const socket = new WebSocket(door.replace('http', 'ws'));
    const [error] = await once(socket, 'error').catch((reason: Error) => [reason]);

    expect(error.message).toBe(`Unexpected server response: ${status}`);
  });

  test('is not opened below /auth', async () => {
    const { url } = await serveSockets();
    const socket = new WebSocket(`${url}/auth/userinfo`);
    const error = await once(socket, 'error').catch((reason: Error) => reason);

    expect(String(error)).toContain('Unexpected server response: 403');
  });
});

describe('the front door of a service that is not running', () => {
  test('serves a page that loads itself again to a navigation', async () => {
    const origin = await findDeadOrigin();
    const answer = await fetch(await openFor(origin), { headers: navigation });
    const page = await answer.text();

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(page).toContain('<h1>Your service is not running</h1>');
    expect(page).toContain(`<p>Start your service so that it listens on ${origin}.</p>`);
    expect(page).toContain('<meta http-equiv="refresh" content="2">');
  });

  test('serves a page that does not load itself again to a form, so that it is not sent as another request', async () => {
    const door = await openFor(await findDeadOrigin());
    const answer = await fetch(door, { method: 'POST', headers: navigation, body: 'a=b' });

    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('refresh');
  });

  test.each([
    ['a script', { accept: 'text/html', 'sec-fetch-dest': 'empty' }],
    ['a program', { accept: '*/*' }],
  ])('responds with JSON to %s', async (_, headers) => {
    const origin = await findDeadOrigin();
    const answer = await fetch(await openFor(origin), { headers });

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toEqual({
      error: 'service_unavailable',
      message: `Your service is not running. Start your service so that it listens on ${origin}.`,
    });
  });

  test('forwards to the service once it has started', async () => {
    const origin = await findDeadOrigin();
    const door = await openFor(origin);
    expect((await fetch(door)).status).toBe(503);
    await listen(createServer(echo), Number(new URL(origin).port));

    expect(await sendTo(door)).toMatchObject({ method: 'GET' });
  });

  test('responds 502 when the service ends the connection without a response', async () => {
    const { door } = await serve((incoming) => incoming.socket.destroy());
    const { status, headers } = await fetch(door, { headers: navigation });

    expect([status, headers.get('retry-after')]).toEqual([502, null]);
  });
});

test('closing the front door ends its event streams and WebSockets', async () => {
  const server = createServer((_, response) => response.write('first'));
  const sockets = new WebSocketServer({ server });
  const service = await listen(server);
  const own = new Cleanup();
  const door = await openFrontDoor({ port: 0, service }, own);
  door.serve(apiAtRoot(), '/auth');
  const socket = new WebSocket(door.url.replace('http', 'ws'));
  const [[atService]] = await Promise.all([once(sockets, 'connection'), once(socket, 'open')]);
  const stream = connect(Number(new URL(door.url).port), '127.0.0.1');
  stream.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(stream, 'data');
  const ended = [once(socket, 'close'), once(atService, 'close'), once(stream, 'close')];
  await own.run();

  await Promise.all(ended);
});

test('the front door refuses itself as a service', async () => {
  const { port } = new URL(await findDeadOrigin());
  for (const host of ['localhost', '127.0.0.1']) {
    await expect(
      openFrontDoor({ port: Number(port), service: `http://${host}:${port}` }, cleanup),
    ).rejects.toThrow(`service must be the address of your own service, not http://${host}:${port}`);
    await cleanup.run();
  }
});

test.each([
  ['localhost:5000', 'no scheme'],
  ['ftp://localhost:5000', 'another scheme'],
  ['http://localhost:5000/app', 'a path'],
  ['http://user@localhost:5000', 'a user'],
  ['http://localhost:5000?a=b', 'a query'],
])('the front door refuses %s as a service, which has %s', async (service) => {
  await expect(openFrontDoor({ port: 0, service }, cleanup)).rejects.toThrow(
    `service must be an origin such as http://localhost:5000, without a path, not "${service}"`,
  );
});
