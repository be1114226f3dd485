import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { commonHeaders, strictTransportSecurity } from '../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../pages/button-script.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../pages/render-gateway-page.ts';
import type { PageConfig } from '../pages/service-presentation.ts';
import type { GatewayPageName } from '../pages/texts/text-types.ts';

/** An answer that API Gateway gives by itself, without asking a function. */
interface GatewayAnswer {
  readonly type: ResponseType;
  /** Instead of the status that API Gateway would choose. */
  readonly statusCode?: string;
  /** For programs. */
  readonly error: string;
  /** For people. */
  readonly page: GatewayPageName;
  /** Where the page's link leads, and in which sentence it says who helps. */
  readonly options: Pick<GatewayPageOptions, 'leadsTo' | 'contact'>;
  /** Seconds. */
  readonly retryAfter?: number;
}

const answers: readonly GatewayAnswer[] = [
  {
    // What a path or method that does not exist gets; API Gateway itself would answer 403.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    error: 'not_found',
    page: 'page-not-found',
    options: { contact: 'notFound' },
  },
  {
    type: ResponseType.THROTTLED,
    error: 'too_many_requests',
    page: 'too-many-requests',
    options: { leadsTo: 'same-page', contact: 'usual' },
    retryAfter: 60,
  },
  {
    // What the firewall refuses: for too many requests from one address as well.
    type: ResponseType.WAF_FILTERED,
    error: 'request_refused',
    page: 'request-refused',
    options: { leadsTo: 'service', contact: 'usual' },
  },
  {
    type: ResponseType.DEFAULT_4XX,
    error: 'request_refused',
    page: 'request-refused',
    options: { leadsTo: 'service', contact: 'usual' },
  },
  {
    type: ResponseType.DEFAULT_5XX,
    error: 'temporarily_unavailable',
    page: 'unavailable',
    options: { leadsTo: 'same-page', contact: 'usual' },
    retryAfter: 60,
  },
];

/** By which the functions and the access log know the request. Only programs get it: see `render-gateway-page.ts`. */
const reference = '$context.requestId';

/** As the functions' own answers have them: nothing is cached, listed, framed or sniffed, no address leaks. */
const headers: Readonly<Record<string, string>> = {
  ...commonHeaders,
  ...strictTransportSecurity,
  'Content-Security-Policy': `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/**
 * Gives API Gateway's own answers our headers, and words that say nothing of what is behind: its defaults name
 * integrations and signatures. Programs get JSON, and whoever opened a page gets a page.
 *
 * @param config what pages show of the service
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function addGatewayResponses(api: RestApi, config: PageConfig, publicUrl: string): void {
  for (const { type, statusCode, retryAfter, error, page, options } of answers) {
    const responseHeaders = {
      ...headers,
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    };
    api.addGatewayResponse(type.responseType, {
      type,
      ...(statusCode === undefined ? {} : { statusCode }),
      responseHeaders: Object.fromEntries(
        Object.entries(responseHeaders).map(([name, value]) => [name, `'${value}'`]),
      ),
      templates: {
        'application/json': JSON.stringify({ error, reference }),
        'text/html': renderGatewayPage(config, page, { ...options, publicUrl }),
      },
    });
  }
}
