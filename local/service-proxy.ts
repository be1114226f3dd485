import http, { type IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { isNavigation } from '../lambdas/core/flow/navigation.ts';
import { html } from '../stand-in/pages/html.ts';
import { readErrorCode } from './loopback-server.ts';
import { StartError } from './start-error.ts';

/** Forwards requests to the developer's own service. */
export interface ServiceProxy {
  forward(request: IncomingMessage, response: ServerResponse): void;
  /** Forwards a request to open a WebSocket. */
  forwardUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/**
 * Reads the origin of a service.
 *
 * @param value such as `http://localhost:5000`
 * @throws StartError when it is no origin
 */
export function readServiceOrigin(value: string): URL {
  const url = URL.parse(value);
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url;
  throw new StartError(
    `--service must be an origin such as http://localhost:5000, without a path, not ${JSON.stringify(value)}`,
  );
}

/** Seconds after which the page for a service that is down loads again. */
const retryAfter = 2;

/**
 * Creates a proxy that changes nothing but the headers that proxies set.
 *
 * On this machine or at an IP address the service gets the `Host` of the browser. So the checks of frameworks pass:
 * Django's `ALLOWED_HOSTS` and the development servers of Vite and webpack allow `localhost` by default, checks against
 * cross-site requests compare `Host` with `Origin`, and absolute redirects lead back here. At any other name it gets its own
 * name, because servers with several sites choose the site by it, and the one of the browser is in `X-Forwarded-Host`.
 *
 * @param origin of the service, see {@link readServiceOrigin}
 */
export function createServiceProxy(origin: URL): ServiceProxy {
  const { hostname } = origin;
  const hasOwnName = !/(^|\.)localhost$/.test(hostname) && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  const proxy = createProxyServer({
    target: origin.href,
    changeOrigin: hasOwnName,
    // No authority signs certificates for the other ones.
    secure: hasOwnName,
    // A connection that is used again may have been closed by the service, which would look as if it were down.
    agent: new (origin.protocol === 'https:' ? https : http).Agent({ keepAlive: false }),
  });
  // The head of an event stream may be all that there is for a while.
  proxy.on('proxyRes', (_, _request, response) => process.nextTick(() => response.flushHeaders()));
  proxy.on('error', (error, request, outgoing) => {
    if (outgoing instanceof ServerResponse) {
      if (request && !outgoing.headersSent) answerFailure(error, origin.origin, request, outgoing);
    } else {
      outgoing?.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    }
  });
  // The listener above handles errors.
  const ignore = () => {};
  return {
    forward: (request, response) => {
      proxy.web(request, response, { headers: forwardedHeaders(request) }).catch(ignore);
    },
    forwardUpgrade: (request, socket, head) => {
      proxy.ws(request, socket, { headers: forwardedHeaders(request) }, head).catch(ignore);
    },
  };
}

/** A tunnel in front of this one has set its own, which are the user's. */
function forwardedHeaders({ headers, socket }: IncomingMessage): Record<string, string> {
  const protocol = 'encrypted' in socket ? 'https' : 'http';
  const clients = [headers['x-forwarded-for'] ?? [], socket.remoteAddress ?? []].flat();
  return {
    'x-forwarded-host': String(headers['x-forwarded-host'] ?? headers.host ?? ''),
    'x-forwarded-proto': String(headers['x-forwarded-proto'] ?? protocol),
    'x-forwarded-for': clients.join(', '),
  };
}

/** The errors of a service that accepts no connections. */
const downCodes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

function answerFailure(
  error: Error,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isDown = downCodes.includes(readErrorCode(error) ?? '');
  const title = isDown ? 'Your service is not running' : 'Your service did not respond';
  const advice = isDown
    ? `Start your service so that it listens on ${origin}.`
    : `The connection to ${origin} failed: ${error.message}.`;
  const { headers } = request;
  const isPage =
    isNavigation((name) => [headers[name] ?? []].flat()) && /text\/html/.test(headers.accept ?? '');
  // Loading the page again must not send a form again.
  const reloads = isPage && request.method === 'GET';
  response.writeHead(isDown ? 503 : 502, {
    'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    'Cache-Control': 'no-store',
    ...(isDown ? { 'Retry-After': retryAfter } : {}),
  });
  response.end(
    isPage
      ? html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${reloads ? html`<meta http-equiv="refresh" content="${retryAfter}">` : ''}
<title>${title}</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${advice}</p>
<p>${reloads ? `This page loads again every ${retryAfter} seconds.` : 'Then send the form again.'}</p>
</main>
</body>
</html>
`.markup
      : JSON.stringify({ error: 'service_unavailable', message: `${title}. ${advice}` }),
  );
}
