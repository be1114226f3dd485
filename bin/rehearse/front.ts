import { request } from 'node:http';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';

/** What stands in front of a deployed API, as its host name and CloudFront do. */
export interface Front extends LoopbackServer {
  /** Forwards to another API from now on. */
  forwardTo(apiId: string): void;
}

/**
 * Starts a server that forwards every request to an API of the emulator.
 *
 * @param emulatorPort where the emulator listens
 * @param stage the first part of each path there
 */
export async function startFront(emulatorPort: number, stage: string): Promise<Front> {
  let api = '';
  const server = await listenInternally((incoming, outgoing) => {
    const forwarded = request(
      {
        host: '127.0.0.1',
        port: emulatorPort,
        method: incoming.method,
        path: `/${stage}${incoming.url}`,
        headers: { ...incoming.headersDistinct, host: `${api}.execute-api.localhost:${emulatorPort}` },
      },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(forwarded);
  });
  return {
    ...server,
    forwardTo: (apiId) => {
      api = apiId;
    },
  };
}
