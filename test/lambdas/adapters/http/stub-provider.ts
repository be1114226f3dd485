import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SelfSignedCertificate } from './self-signed-certificate.ts';

/** A request as it came in, and on the how-manieth connection. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly connection: number;
}

/** A server in place of One Login. */
export interface StubProvider {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** How many connections were opened so far. */
  connections(): number;
  stop(): Promise<void>;
}

/**
 * @param answer gets the request and how many there have been, this one included
 * @param certificate makes it an https server
 */
export async function startStubProvider(
  answer: (response: ServerResponse, request: SeenRequest, count: number) => void,
  certificate?: SelfSignedCertificate,
): Promise<StubProvider> {
  const requests: SeenRequest[] = [];
  const connections: Socket[] = [];
  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = {
      method: String(incoming.method),
      path: String(incoming.url),
      headers: incoming.headers,
      body: await text(incoming),
      connection: connections.indexOf(incoming.socket) + 1,
    };
    requests.push(request);
    answer(response, request, requests.length);
  }
  const server = certificate === undefined ? createServer(handle) : createHttpsServer(certificate, handle);
  // Whether and when a connection ends is the client's decision here.
  server.keepAliveTimeout = 0;
  server.on(certificate === undefined ? 'connection' : 'secureConnection', (socket) =>
    connections.push(socket),
  );
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const scheme = certificate === undefined ? 'http' : 'https';
  return {
    origin: `${scheme}://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections.length,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
