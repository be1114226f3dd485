import type { RequestListener } from 'node:http';
import { createApiGateway } from './api-gateway/api-gateway.ts';
import type { RestApi } from './api-gateway/rest-api.ts';
import type { Cleanup } from './cleanup.ts';
import { listenOnLocalhost } from './loopback-server.ts';
import { servePlaceholder } from './placeholder-service.ts';

/** The service's host. Paths outside the API are the service's own. */
export interface FrontDoor {
  /** The origin, such as `http://localhost:8080`. */
  readonly url: string;
  /** Starts to answer, first the requests that are waiting. */
  serve(api: RestApi): void;
}

/**
 * Listens at once, because the port must be known before the template can refer to it. Requests wait until the API can
 * answer them.
 *
 * @param port 0 for any free port
 * @throws StartError when the port is taken
 */
export async function openFrontDoor(port: number, cleanup: Cleanup): Promise<FrontDoor> {
  const { promise: ready, resolve } = Promise.withResolvers<RequestListener>();
  const server = await listenOnLocalhost(
    (request, response) => void ready.then((listener) => listener(request, response)),
    { port, portName: 'PORT' },
  );
  cleanup.add(() => server.close());
  return {
    url: server.url,
    serve: (api) => {
      const gateway = createApiGateway(api);
      const hasService = api.resources.some(({ path, methods }) => path === '' && methods.size > 0);
      resolve((request, response) => {
        const isOurs = hasService || /^\/auth(?=[/?]|$)/.test(request.url ?? '/');
        return isOurs ? gateway(request, response) : servePlaceholder(request, response);
      });
    },
  };
}
