import type { RequestListener, ServerResponse } from 'node:http';
import { createOneLogin, type Middleware, type OneLoginOptions, type Request } from './one-login-user.ts';

/** An application with a few routes, which leaves to the middleware what Express would leave to it. */
export function createOrdersApp(options: OneLoginOptions): RequestListener {
  const oneLogin = createOneLogin(options);
  const routes: Readonly<Record<string, Middleware>> = {
    'GET /orders': oneLogin.requireUser,
    'POST /orders': oneLogin.requireUser,
    'GET /refunds': oneLogin.requireIdentity('P2'),
    'GET /time-left': oneLogin.requireUserQuietly,
  };
  return (request: Request, response) => {
    const route = routes[`${request.method} ${request.url?.split('?')[0]}`];
    if (route === undefined) {
      response.writeHead(404).end();
      return;
    }
    oneLogin.refuseCrossSite(request, response, () => {
      route(request, response, () => answer(request, response));
    });
  };
}

function answer({ oneLoginUser }: Request, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ orders_of: oneLoginUser?.sub }));
}
