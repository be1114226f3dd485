/**
 * Middleware for Express and its relatives (Connect, restify, NestJS): finds out who is signed in by asking
 * `/auth/userinfo`, from server to server, with the user's session cookie. Needs nothing but Node. See
 * docs/using-userinfo.md.
 *
 *     const oneLogin = createOneLogin({ publicUrl: 'https://service.example.gov.uk/auth' });
 *     app.use(oneLogin.refuseCrossSite);
 *     app.get('/orders', oneLogin.requireUser, (req, res) => res.json(ordersOf(req.oneLoginUser.sub)));
 *     app.get('/refunds', oneLogin.requireIdentity('P2'), (req, res) => …);
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What `/auth/userinfo` says, as far as it is used here. There is more: see docs/sessions.md. */
export interface OneLoginUser {
  readonly sub: string;
  readonly email?: string;
  /** Only for users whose preferred second factor is the phone. */
  readonly phone_number?: string;
  /** May be false. */
  readonly phone_number_verified?: boolean;
  readonly vot: string;
  readonly identity: {
    readonly outcome: 'not_requested' | 'proved' | 'not_proved';
    readonly vot?: string;
    /** Why it was not proved. */
    readonly reason?: 'absent' | 'access_denied' | 'interrupted';
  };
  readonly session: { readonly expires_at: number; readonly idle_expires_at: number };
}

export interface OneLoginOptions {
  /** The outside URL up to and with `/auth`: users are sent there. */
  readonly publicUrl: string;
  /** Where to ask, if not there: the stack's output `ApiUrl` saves the way through a CDN. @default publicUrl */
  readonly apiUrl?: string;
  /** How long to wait for the answer, in milliseconds. @default 3000 */
  readonly timeout?: number;
}

/** A request, as Express has it. */
export type Request = IncomingMessage & { oneLoginUser?: OneLoginUser; readonly originalUrl?: string };
export type Middleware = (request: Request, response: ServerResponse, next: () => void) => void;

export interface OneLogin {
  /** Lets users through who are signed in, and sends everybody else to sign in. */
  readonly requireUser: Middleware;
  /** The same for requests that a page makes by itself: they do not keep the session alive. */
  readonly requireUserQuietly: Middleware;
  /** Lets users through whose identity is proved at that level or better, and sends the others to prove it. */
  readonly requireIdentity: (level: 'P1' | 'P2') => Middleware;
  /** Refuses what changes something and comes from another origin, sibling hosts included. */
  readonly refuseCrossSite: Middleware;
}

export function createOneLogin({ publicUrl, apiUrl = publicUrl, timeout = 3000 }: OneLoginOptions): OneLogin {
  const userinfo = { active: `${apiUrl}/userinfo`, quiet: `${apiUrl}/userinfo?peek=1` };

  const requireUser =
    (url: string): Middleware =>
    async (request, response, next) => {
      const answer = await fetchUser(isPrefetch(request) ? userinfo.quiet : url, request, timeout);
      if (answer === 'unavailable') {
        response.setHeader('Retry-After', '30');
        return sendJson(response, 503, { error: 'temporarily_unavailable' });
      }
      if (answer === 'signed_out') {
        return sendTo(`${publicUrl}/login`, 401, 'login_required', 'login_url', request, response);
      }
      request.oneLoginUser = answer;
      next();
    };

  return {
    requireUser: requireUser(userinfo.active),
    requireUserQuietly: requireUser(userinfo.quiet),
    requireIdentity: (level) => (request, response, next) => {
      requireUser(userinfo.active)(request, response, () => {
        const { outcome, vot = '' } = request.oneLoginUser?.identity ?? {};
        // P1 is below P2, as text as well.
        if (outcome === 'proved' && vot >= level) return next();
        const url = `${publicUrl}/prove-identity`;
        sendTo(url, 403, 'insufficient_identity', 'step_up_url', request, response);
      });
    },
    refuseCrossSite: (request, response, next) => {
      if (mayUseCookie(request, new URL(publicUrl).origin)) return next();
      sendJson(response, 403, { error: 'cross_site_request' });
    },
  };
}

/** "Unavailable" is not "signed out": who is sent to sign in because of an outage loses what they were doing. */
async function fetchUser(
  url: string,
  request: IncomingMessage,
  timeout: number,
): Promise<OneLoginUser | 'signed_out' | 'unavailable'> {
  const cookie = readSessionCookie(request);
  if (cookie === undefined) return 'signed_out';
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', cookie },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (answer.status === 401) return 'signed_out';
    if (answer.status !== 200) return 'unavailable';
    const user = (await answer.json()) as OneLoginUser;
    return typeof user.sub === 'string' ? user : 'unavailable';
  } catch {
    return 'unavailable';
  }
}

const cookieName = '__Host-one-login-session';

/**
 * The session cookie and no other: the rest is nobody else's business. Two of the name count as none. White space is
 * space and tab only, as for browsers: behind any other, a sibling host may have planted a cookie.
 */
function readSessionCookie(request: IncomingMessage): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((pair) => pair.replace(/^[ \t]+/, ''));
  const [cookie, ...more] = cookies.filter((pair) => pair.startsWith(`${cookieName}=`));
  return more.length === 0 ? /^[\w=.-]+(?=[ \t]*$)/.exec(cookie ?? '')?.[0] : undefined;
}

/** A page that is fetched ahead, which the user may never look at, does not keep the session alive. */
function isPrefetch({ headers }: IncomingMessage): boolean {
  const marks = ['sec-purpose', 'x-sec-purpose', 'purpose', 'x-purpose', 'x-moz', 'next-router-prefetch'];
  return marks.some((name) => headers[name] !== undefined);
}

function mayUseCookie({ method = '', headers }: IncomingMessage, ownOrigin: string): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return true;
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === ownOrigin : site === 'same-origin';
}

/** A page navigation is redirected, and comes back afterwards. Anything else is told where to go. */
function sendTo(
  url: string,
  status: 401 | 403,
  error: string,
  urlName: 'login_url' | 'step_up_url',
  request: Request,
  response: ServerResponse,
): void {
  const navigates = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (!navigates) {
    sendJson(response, status, { error, [urlName]: url });
    return;
  }
  const returnTo = encodeURIComponent(request.originalUrl ?? request.url ?? '/');
  response.writeHead(303, { Location: `${url}?return_to=${returnTo}`, 'Cache-Control': 'no-store' });
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
