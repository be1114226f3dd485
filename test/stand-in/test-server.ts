import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on the loopback interface whose answers a test sets. */
export interface TestServer {
  readonly url: string;
  /** How many requests came. */
  readonly requestCount: number;
  /** The requests, with their bodies, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  answerWith(listener: RequestListener): void;
  close(): Promise<void>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export async function startTestServer(): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  let listener: RequestListener = (_message, response) => response.writeHead(404).end();
  const receive = async (message: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    requests.push({ method: message.method ?? '', headers: message.headers, body });
    listener(message, response);
  };
  const server = createServer((message, response) => void receive(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get requestCount() {
      return requests.length;
    },
    requests,
    answerWith: (next) => {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers every request with that JSON. */
export function jsonListener(value: unknown, status = 200): RequestListener {
  return (_message, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
}
