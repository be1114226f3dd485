import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';

/** A server on the loopback interface whose responses a test sets. */
export interface TestServer extends LoopbackServer {
  /** The requests, with their bodies, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  answerWith(listener: RequestListener): void;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export async function startTestServer(): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  let listener: RequestListener = (_message, response) => response.writeHead(404).end();
  const server = await listenInternally(async (message, response) => {
    const { method = '', headers } = message;
    requests.push({ method, headers, body: await text(message) });
    listener(message, response);
  });
  return {
    ...server,
    requests,
    answerWith: (next) => {
      listener = next;
    },
  };
}

/** Responds to every request with that JSON. */
export function jsonListener(value: unknown, status = 200): RequestListener {
  return (_message, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
}
