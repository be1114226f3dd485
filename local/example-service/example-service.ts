import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Html, html, renderPage } from './page.ts';
import { fetchUser } from './user.ts';

/**
 * A small service that has its users sign in: a page at `/` that shows who they are, one for users who are signed in,
 * and one for users whose identity is proved. It knows nothing but the routes below `/auth`, as any service in front
 * of this project would.
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
    return;
  }
  const page = pages.get(pathname);
  if (page === undefined) {
    send(response, 404, 'Page not found', html`<p>If you typed the web address, check it is correct.</p>`);
    return;
  }
  const answer = await fetchUser(publicUrl, request.headers.cookie);
  if (answer.kind === 'unavailable') {
    send(
      response,
      answer.status,
      'Sorry, there is a problem with the service',
      html`<p>We could not find out whether you are signed in. <a href="${pathname}">Try again</a>.</p>`,
    );
    return;
  }
  response.setHeader('Set-Cookie', answer.cookies);
  page(response, answer.kind === 'signed_in' ? answer.user : undefined);
}

type User = Readonly<Record<string, unknown>>;

const pages: ReadonlyMap<string, (response: ServerResponse, user: User | undefined) => void> = new Map([
  ['/', sendHome],
  ['/account', sendAccount],
  ['/application', sendApplication],
]);

function sendHome(response: ServerResponse, user: User | undefined): void {
  if (user !== undefined) send(response, 200, 'You are signed in', signedIn(user));
  else
    send(response, 200, 'You are not signed in', html`<p><a href="/auth/login?return_to=/">Sign in</a></p>`);
}

/** For users who are signed in: everybody else is sent to do so, and comes back here. */
function sendAccount(response: ServerResponse, user: User | undefined): void {
  if (user === undefined) {
    response
      .writeHead(303, { Location: '/auth/login?return_to=/account', 'Cache-Control': 'no-store' })
      .end();
    return;
  }
  const email = typeof user['email'] === 'string' ? user['email'] : 'your account';
  send(response, 200, 'Your account', html`<p>Only you can see this page, ${email}.</p>${toHome}`);
}

/** For users whose identity is proved: the step up is offered when it is needed, not before. */
function sendApplication(response: ServerResponse, user: User | undefined): void {
  const identity: Record<string, unknown> = { ...(user?.['identity'] as object | undefined) };
  if (identity['outcome'] !== 'proved') {
    send(
      response,
      403,
      'You need to prove your identity',
      html`<p>To see this page, prove who you are with GOV.UK One Login.</p>
<p><a href="/auth/prove-identity?return_to=/application">Prove your identity</a></p>${toHome}`,
    );
    return;
  }
  const [name] = identity['names'] as readonly { readonly full_name: string }[];
  send(response, 200, 'Your application', html`<p>Your name is ${name?.full_name ?? ''}.</p>${toHome}`);
}

const toHome = html`
<p><a href="/">Example service</a></p>`;

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
<ul>
<li><a href="/account">Your account</a>, for users who are signed in</li>
<li><a href="/application">Your application</a>, for users whose identity is proved</li>
</ul>
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
