import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { isPrefetch } from '../core/flow/navigation.ts';
import { trustedAddress } from '../core/flow/return-to.ts';
import type { Language } from '../core/language.ts';
import { readCookie } from '../core/session/cookies.ts';
import { apiPaths, type Path, paths } from '../example-service-pages.ts';
import { type HttpRequest, languageParameter, readRequest } from '../http/request.ts';
import { htmlResponse, jsonResponse, redirect, withCookies } from '../http/response.ts';
import { securityHeaders, selectSecurityHeaders } from '../http/security-headers.ts';
import { describeUnknownError, type Logger } from '../telemetry/logger.ts';
import { readAuthorizedUser } from './authorized-user.ts';
import type { Frames } from './frames.ts';
import { html } from './html.ts';
import { createLinks } from './links.ts';
import { type PageAnswer, pages, problemPage } from './pages.ts';
import { fetchUser, type User, type UserAnswer } from './user.ts';
import { readFields } from './user-details.ts';

export interface ExampleServiceDependencies {
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** The name of the session cookie. */
  readonly sessionCookie: string;
  readonly frames: Frames;
  readonly logger: Pick<Logger, 'log'>;
  /** How long `/auth/userinfo` may take, in milliseconds. */
  readonly timeout: number;
}

const ownHeaders = {
  /** Browsers without `Sec-Fetch-Site` show by the referrer that a sign-out is ours. It stays on this host. */
  'Referrer-Policy': 'same-origin',
  /** The session timeout dialog is a script that reads `/auth/userinfo`. */
  'Content-Security-Policy': `${securityHeaders['Content-Security-Policy']?.replace('script-src ', "script-src 'self' ")}; connect-src 'self'`,
};

/**
 * A small service whose users sign in. Like any service it uses only the routes below `/auth` and the authorizers. Its pages
 * call `/auth/userinfo` with the browser's cookie, and link to `/auth/login` and `/auth/prove-identity`. Its API gets
 * requests that an authorizer has let in.
 */
export function createExampleService(
  dependencies: ExampleServiceDependencies,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  return async (event) => {
    const request = readRequest(event);
    const started = performance.now();
    const answer = await serve(event, request, dependencies).catch((error: unknown) => {
      const fields = {
        route: 'example-service',
        request_id: request.requestId,
        ...describeUnknownError(error),
      };
      dependencies.logger.log('error', 'failed', fields);
      throw error;
    });
    dependencies.logger.log('info', 'answered', {
      route: 'example-service',
      request_id: request.requestId,
      method: request.method,
      status: answer.statusCode,
      duration_ms: Math.round(performance.now() - started),
    });
    const body = request.method === 'HEAD' ? '' : answer.body;
    return {
      ...answer,
      body,
      headers: { ...selectSecurityHeaders(answer), ...ownHeaders, ...answer.headers },
    };
  };
}

async function serve(
  event: APIGatewayProxyEvent,
  request: HttpRequest,
  { publicUrl, sessionCookie, frames, timeout }: ExampleServiceDependencies,
): Promise<APIGatewayProxyResult> {
  if (apiPaths.some((path) => path === request.resource)) {
    return jsonResponse(200, readAuthorizedUser(event.requestContext.authorizer));
  }
  const path = readPath(request);
  const answer = await fetchUser({
    // The session page does not count as activity, and neither does a prefetch.
    url: `${publicUrl}/userinfo${path === '/session' || request.method === 'HEAD' || isPrefetch(request.headerValues) ? '?peek=1' : ''}`,
    cookie: readSessionCookie(request, sessionCookie),
    timeout,
  });
  const user = answer.kind === 'signed_in' ? answer.user : undefined;
  const usual = readLanguage(user);
  const language = languageParameter(request, 'lang') ?? usual;
  const serviceName = frames.serviceName(language);
  const links = createLinks(language, usual, publicUrl);
  const page =
    answer.kind === 'unavailable'
      ? problemPage(language)
      : pages[path]({ language, links, user, serviceName, apiPaths: frames.apiPaths() });
  if (page.kind === 'redirect') return redirect(trustedAddress(page.location), readCookies(answer));
  const body = frames.render({
    language,
    isSignedIn: user !== undefined,
    title: buildTitle(page, serviceName),
    content: html`<div class="govuk-grid-row">
<div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">${page.title}</h1>
${page.content}
</div>
</div>`,
    languageUrl: links.inOtherLanguage(path),
  });
  const retry = page.status === 503 ? { 'Retry-After': '60' } : {};
  return withCookies(htmlResponse(page.status, body, retry), readCookies(answer));
}

type Page = Extract<PageAnswer, { kind: 'page' }>;

function buildTitle({ title }: Page, serviceName: string): string {
  return `${title === serviceName ? title : `${title} – ${serviceName}`} – GOV.UK`;
}

/** The language of the session. */
function readLanguage(user: User | undefined): Language {
  return readFields(user?.['session'])['language'] === 'cy' ? 'cy' : 'en';
}

/** The API has no other routes for this function. */
function readPath({ resource }: HttpRequest): Path {
  const path = paths.find((each) => each === resource);
  if (path === undefined) throw new Error('a route that the example service does not have');
  return path;
}

/** `/auth/userinfo` gets no other cookie. */
function readSessionCookie({ cookieHeaders }: HttpRequest, name: string): string | undefined {
  const value = readCookie(cookieHeaders, name);
  return value !== undefined && /^[\w.-]+$/.test(value) ? `${name}=${value}` : undefined;
}

function readCookies(answer: UserAnswer): readonly string[] {
  return answer.kind === 'unavailable' ? [] : answer.cookies;
}
