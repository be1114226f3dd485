import {
  buildSessionCookieName,
  type GetUserOptions,
  getUser,
  isPrefetch,
  type RequestWithHeaders,
  readHeader,
  readSessionCookie,
  type UserResult,
} from './get-user.ts';
import type { OneLoginUser } from './user.ts';
import { UserMemory } from './user-memory.ts';

/** A request as Express and its relatives have it. */
export interface MiddlewareRequest extends RequestWithHeaders {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
}

/** The part of Node's `ServerResponse` that the middleware uses. */
export interface MiddlewareResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  appendHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

export type Middleware = (
  request: MiddlewareRequest,
  response: MiddlewareResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * The reason why a person gets an error page, for the error handler of your service. Express uses `status` and `headers`.
 * Programs get JSON instead.
 */
export class OneLoginError extends Error {
  override readonly name = 'OneLoginError';
  readonly code:
    | 'login_required'
    | 'insufficient_identity'
    | 'cross_site_request'
    | 'temporarily_unavailable';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the user can sign in or prove their identity, with the way back. Show it as a link. */
  readonly url: string | undefined;

  constructor(
    code: OneLoginError['code'],
    status: number,
    { headers = {}, url, cause }: Readonly<ErrorDetails> = {},
  ) {
    super(code, { cause });
    this.code = code;
    this.status = status;
    this.headers = headers;
    this.url = url;
  }
}

interface ErrorDetails {
  headers?: Readonly<Record<string, string>>;
  url?: string;
  cause?: unknown;
}

/** Middleware for Express and its relatives, such as Connect and NestJS. */
export interface OneLoginMiddleware {
  /** Lets signed-in users through, and sends the others to sign in and back. */
  readonly requireUser: Middleware;
  /**
   * Lets users through whose identity is proved at the level or above, and sends the others to prove it and back. Users who
   * come back without success get your error page, which should offer `url` of the error: only they decide to try again.
   *
   * @param journey the name of the journey that reaches the level, if `/auth/prove-identity` without a name does not
   */
  readonly requireIdentity: (level: 'P1' | 'P2', journey?: string) => Middleware;
  /** Refuses requests that change something and come from another origin, such as a sibling host. */
  readonly refuseCrossSiteRequests: Middleware;
  /** Returns the user of a request. @throws Error if it did not go through `requireUser` or `requireIdentity` */
  readonly readUser: (request: MiddlewareRequest) => OneLoginUser;
}

export interface MiddlewareOptions extends Omit<GetUserOptions, 'peek'> {
  /**
   * For how many milliseconds the process remembers that a user is signed in, 300,000 at most. It saves calls, and a user who signs
   * out in another browser, or at another service, stays signed in for that long. @default 0
   */
  readonly rememberMilliseconds?: number;
  /** The time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Creates middleware that calls `/auth/userinfo` once for each request.
 *
 * @throws TypeError when `publicUrl` is no URL, RangeError when `rememberMilliseconds` is out of range
 * @example
 *     const { requireUser, readUser } = createMiddleware({ publicUrl: 'https://service.example.gov.uk/auth' });
 *     app.get('/orders', requireUser, (req, res) => res.send(`Orders of ${readUser(req).sub}`));
 */
export function createMiddleware(options: MiddlewareOptions): OneLoginMiddleware {
  const { publicUrl, cookieName = '', rememberMilliseconds = 0, now = Date.now } = options;
  const { origin } = new URL(publicUrl);
  const users = new WeakMap<MiddlewareRequest, OneLoginUser>();
  const memory = new UserMemory(rememberMilliseconds, now);

  /** @param suffices whether a remembered user needs no call. An identity check changes a session under the same cookie */
  const findUser = async (
    request: MiddlewareRequest,
    suffices: (user: OneLoginUser) => boolean,
  ): Promise<UserResult> => {
    const cookie = readSessionCookie(request, buildSessionCookieName(cookieName)) ?? '';
    const remembered = memory.find(cookie);
    if (remembered !== undefined && suffices(remembered)) return { kind: 'signed_in', user: remembered };
    const result = await getUser(request, options);
    // What the browser fetches ahead is no activity, but the next request may be.
    if (result.kind === 'signed_in' && !isPrefetch(request)) memory.remember(cookie, result.user);
    return result;
  };

  const admit = async (
    [request, response, next]: Parameters<Middleware>,
    suffices: (user: OneLoginUser) => boolean,
  ) => {
    const result = await findUser(request, suffices);
    if (result.kind === 'unavailable') {
      fail(request, response, next, 'temporarily_unavailable', 503, {
        headers: { 'Retry-After': '30' },
        cause: result.cause,
      });
    } else if (result.kind === 'signed_out') {
      for (const cookie of result.cookies) response.appendHeader('Set-Cookie', cookie);
      const address = { login_url: `${publicUrl}/login` };
      sendAway(request, response, next, 'login_required', 401, { address });
    } else {
      users.set(request, result.user);
      next();
    }
  };

  const requireUser: Middleware = (...visit) => admit(visit, () => true);

  const readUser: OneLoginMiddleware['readUser'] = (request) => {
    const user = users.get(request);
    if (user === undefined) throw new Error('put requireUser or requireIdentity in front of this route');
    return user;
  };

  return {
    requireUser,
    readUser,
    requireIdentity: (level, journey) => (request, response, next) => {
      // "P1" is less than "P2".
      const isProved = ({ identity: { outcome, vot } }: OneLoginUser) =>
        outcome === 'proved' && vot !== undefined && vot >= level;
      const decide = (error?: unknown) => {
        if (error !== undefined) return next(error);
        const user = readUser(request);
        if (isProved(user)) return next();
        const answer = user.identity.outcome === 'not_proved' ? fail : sendAway;
        const query = journey === undefined ? '' : `?journey=${encodeURIComponent(journey)}`;
        const address = { step_up_url: `${publicUrl}/prove-identity${query}` };
        answer(request, response, next, 'insufficient_identity', 403, { address });
      };
      return admit([request, response, decide], isProved);
    },
    refuseCrossSiteRequests: (request, response, next) => {
      if (isSameOrigin(request, origin)) next();
      else fail(request, response, next, 'cross_site_request', 403);
    },
  };
}

/** The session cookie is `SameSite=Lax`, which does not stop requests of sibling hosts. */
function isSameOrigin(request: MiddlewareRequest, origin: string): boolean {
  if (isSafe(request) || request.method === 'OPTIONS') return true;
  const [site] = readHeader(request, 'sec-fetch-site');
  return site === undefined ? readHeader(request, 'origin')[0] === origin : site === 'same-origin';
}

function isSafe({ method }: MiddlewareRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether a person waits for a page. A script that fetches a part of a page has another destination. */
function isForPerson(request: MiddlewareRequest): boolean {
  const [destination = 'document'] = readHeader(request, 'sec-fetch-dest');
  // A service worker that passes a navigation on removes its destination.
  const isNavigation = destination === 'document' || readHeader(request, 'sec-fetch-mode')[0] === 'navigate';
  return isNavigation && readHeader(request, 'accept').some((accept) => accept.includes('text/html'));
}

type Answer = (
  request: MiddlewareRequest,
  response: MiddlewareResponse,
  next: (error?: unknown) => void,
  code: OneLoginError['code'],
  status: number,
  /** The address is a member of the JSON, with its name. */
  details?: {
    readonly address?: Record<string, string>;
    readonly headers?: Record<string, string>;
    readonly cause?: unknown;
  },
) => void;

/** Redirects a page that the user opens, which then comes back. */
const sendAway: Answer = (request, response, next, code, status, details = {}) => {
  if (!isForPerson(request) || !isSafe(request)) {
    fail(request, response, next, code, status, details);
    return;
  }
  response.writeHead(303, { Location: addReturn(request, details.address), 'Cache-Control': 'no-store' });
  response.end();
};

const fail: Answer = (request, response, next, code, status, { address, headers = {}, cause } = {}) => {
  if (isForPerson(request)) {
    const url = address && { url: addReturn(request, address) };
    next(new OneLoginError(code, status, { headers, cause, ...url }));
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify({ error: code, ...address }));
};

function addReturn(request: MiddlewareRequest, address: Record<string, string> = {}): string {
  const returnTo = encodeURIComponent(request.originalUrl ?? request.url ?? '/');
  const [url = ''] = Object.values(address);
  return `${url}${url.includes('?') ? '&' : '?'}return_to=${returnTo}`;
}
