import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Html, html, renderPage } from './page.ts';
import { fetchUser, type UserAnswer } from './user.ts';

/**
 * A small service that has its users sign in: a page at `/` that shows who they are. It knows nothing but
 * `/auth/login`, `/auth/logout` and `/auth/userinfo`, as any service in front of this project would.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function createExampleService(publicUrl: string): RequestListener {
  return (request, response) => {
    serve(publicUrl, request, response).catch(() => response.destroy());
  };
}

async function serve(publicUrl: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    send(response, 405, 'Not possible', html`<p>This page can only be looked at.</p>`);
  } else if (pathname === '/') {
    sendHome(response, await fetchUser(publicUrl, request.headers.cookie));
  } else {
    send(response, 404, 'Page not found', html`<p>If you typed the web address, check it is correct.</p>`);
  }
}

function sendHome(response: ServerResponse, answer: UserAnswer): void {
  switch (answer.kind) {
    case 'signed_in':
      response.setHeader('Set-Cookie', answer.cookies);
      send(response, 200, 'You are signed in', signedIn(answer.user));
      return;
    case 'signed_out':
      response.setHeader('Set-Cookie', answer.cookies);
      send(
        response,
        200,
        'You are not signed in',
        html`<p><a href="/auth/login?return_to=/">Sign in</a></p>`,
      );
      return;
    case 'unavailable':
      send(
        response,
        answer.status,
        'Sorry, there is a problem with the service',
        html`<p>We could not find out whether you are signed in. <a href="/">Try again</a>.</p>`,
      );
  }
}

function signedIn(user: Readonly<Record<string, unknown>>): Html {
  const { session } = user;
  const { expires_at: expiresAt, idle_expires_at: idleExpiresAt }: Record<string, unknown> =
    typeof session === 'object' && session !== null ? { ...session } : {};
  const rows: readonly [string, unknown][] = [
    ['Subject identifier', user['sub']],
    ['Email address', user['email']],
    ['Phone number', user['phone_number']],
    ['Level of confidence', user['vot']],
    ['Signed in at GOV.UK One Login', time(user['auth_time'])],
    ['Session ends without activity', time(idleExpiresAt)],
    ['Session ends', time(expiresAt)],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<dl>
${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value instanceof Html ? value : String(value)}</dd>`)}
</dl>
<p><a href="/auth/logout">Sign out</a></p>`;
}

/** @param seconds since the epoch */
function time(seconds: unknown): Html | undefined {
  if (typeof seconds !== 'number') return undefined;
  const iso = new Date(seconds * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function send(response: ServerResponse, status: number, title: string, body: Html): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(renderPage(title, body));
}
