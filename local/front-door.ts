import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isLoopback } from '../lambdas/core/urls.ts';
import { type AnsweredRequest, createApiGateway } from './api-gateway/api-gateway.ts';
import type { RestApi } from './api-gateway/rest-api.ts';
import type { Certificate } from './certificate.ts';
import type { Cleanup } from './cleanup.ts';
import { type LoopbackOptions, listenInternally, listenOnLocalhost } from './loopback-server.ts';
import { createPlaceholder } from './placeholder-service.ts';
import { createServiceProxy, readServiceOrigin, type ServiceProxy } from './service-proxy.ts';
import { StartError } from './start-error.ts';

/** The service's host. Paths outside the API are the service's own. */
export interface FrontDoor {
  /** The origin that browsers use, such as `http://localhost:8080`. */
  readonly url: string;
  /** The same server at `localhost`, whatever the origin that browsers use. */
  readonly localUrl: string;
  /** The same routes without TLS, for the functions. */
  readonly internalUrl: string;
  /**
   * Responds with an API from now on, first to the requests that are waiting.
   *
   * @param authPath the path of its routes, which ends in `/auth`. As on a shared host, the API does not get what is before it
   * @returns when the API before it has responded to its last request
   */
  serve(api: RestApi, authPath: string): Promise<void>;
}

export interface FrontDoorOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** The origin at which browsers reach the port, perhaps through something in front of it. @default that of localhost */
  readonly publicOrigin?: string | undefined;
  /** @default the port has no TLS */
  readonly certificate?: Certificate | undefined;
  /** The origin of a service to which everything outside `authPath` is forwarded. @default the API has all paths */
  readonly service?: string | undefined;
  /** Called with each request to which the API has responded. */
  readonly onAnswer?: ((answered: AnsweredRequest) => void) | undefined;
}

/**
 * Listens at once, because the port must be known before the template can refer to it. Requests wait until the API can
 * respond to them.
 *
 * @throws StartError when the port is taken, or the service is no origin or this server itself
 */
export async function openFrontDoor(
  { port, publicOrigin, certificate, service, onAnswer }: FrontDoorOptions,
  cleanup: Cleanup,
): Promise<FrontDoor> {
  const { promise: ready, resolve: open } = Promise.withResolvers<void>();
  let serving: Serving | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    ready.then(() => serving?.answer(request, response));
  };
  const origin = service === undefined ? undefined : readServiceOrigin(service);
  const proxy = origin && createServiceProxy(origin);
  const takeOver: LoopbackOptions['takeOver'] =
    proxy &&
    ((request, socket, head) => {
      const isForService =
        !serving?.isForAuth(request) && request.headers.upgrade?.toLowerCase() === 'websocket';
      if (isForService) ready.then(() => proxy.forwardUpgrade(request, socket, head));
      return isForService;
    });
  const server = await listenOnLocalhost(answer, { port, portName: 'PORT', certificate, takeOver });
  cleanup.add(() => server.close());
  if (origin && isLoopback(origin) && (origin.port || '80') === `${server.port}`) {
    throw new StartError(
      `--service must be the address of your own service, not ${origin.origin}, which is this one`,
    );
  }
  const internal = certificate && (await listenInternally(answer));
  if (internal) cleanup.add(() => internal.close());
  return {
    url: publicOrigin ?? server.url,
    localUrl: server.url,
    internalUrl: internal?.url ?? server.url,
    serve: async (api, authPath) => {
      const previous = serving;
      serving = new Serving(api, authPath, proxy?.forward, onAnswer);
      open();
      await previous?.finish();
    },
  };
}

/** An API at the front door, and its open requests. */
class Serving {
  readonly #gateway: RequestListener;
  /** Where the API's own paths begin: what is before `/auth`. Empty if the host is not shared. */
  readonly #basePath: string;
  /** Responds to everything outside `/auth`. */
  readonly #serveRest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #unanswered = new Set<ServerResponse>();
  #onAnswered = () => {};

  constructor(
    api: RestApi,
    authPath: string,
    forward: ServiceProxy['forward'] | undefined,
    onAnswer: FrontDoorOptions['onAnswer'],
  ) {
    this.#gateway = createApiGateway(api, onAnswer);
    this.#basePath = authPath.slice(0, -'/auth'.length);
    const hasPages = api.resources.some(({ path, methods }) => path === '' && methods.size > 0);
    const servePages = (request: IncomingMessage, response: ServerResponse) => {
      if (isBelow(request, this.#basePath)) this.#serve(request, response);
      else response.writeHead(302, { Location: `${this.#basePath}/` }).end();
    };
    this.#serveRest = forward ?? (hasPages ? servePages : createPlaceholder(authPath));
  }

  isForAuth(request: IncomingMessage): boolean {
    return isBelow(request, `${this.#basePath}/auth`);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.isForAuth(request)) this.#serve(request, response);
    else this.#serveRest(request, response);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.url = request.url?.slice(this.#basePath.length).replace(/^\/?/, '/') ?? '/';
    this.#unanswered.add(response);
    response.on('close', () => {
      this.#unanswered.delete(response);
      this.#onAnswered();
    });
    this.#gateway(request, response as Parameters<RequestListener>[1]);
  }

  /** Resolves when every request has its response. There must be no further ones. */
  finish(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAnswered = () => this.#unanswered.size === 0 && resolve();
      this.#onAnswered();
    });
  }
}

function isBelow({ url = '/' }: IncomingMessage, path: string): boolean {
  return url.startsWith(path) && /^([/?]|$)/.test(url.slice(path.length));
}
