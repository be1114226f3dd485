import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { commonHeaders, strictTransportSecurity } from '../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../pages/button-script.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../pages/render-gateway-page.ts';
import type { PageConfig } from '../pages/service-presentation.ts';
import type { GatewayPageName } from '../pages/texts/text-types.ts';

/** A response that API Gateway returns itself, without calling a function. */
interface GatewayResponseDefinition {
  readonly type: ResponseType;
  /** @default the status that API Gateway chooses */
  readonly statusCode?: string;
  /** In the JSON for programs. */
  readonly error: string;
  /** The page for people. */
  readonly page: GatewayPageName;
  /** The target of the page's link, and the sentence with the contact details. */
  readonly options: Pick<GatewayPageOptions, 'leadsTo' | 'contact'>;
  /** Seconds. */
  readonly retryAfter?: number;
}

const gatewayResponses: readonly GatewayResponseDefinition[] = [
  {
    // For a path or method that does not exist. API Gateway's default status is 403.
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
    // For requests that the firewall refuses, including too many requests from one address.
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

/** The request id, as in the logs. Only programs receive it, see `render-gateway-page.ts`. */
const reference = '$context.requestId';

/** The same headers as on the functions' responses. */
const headers: Readonly<Record<string, string>> = {
  ...commonHeaders,
  ...strictTransportSecurity,
  'Content-Security-Policy': `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/**
 * Sets the headers and bodies of the responses that API Gateway returns itself. Its default texts mention integrations
 * and signatures. Programs receive JSON, and browsers a page.
 *
 * @param config the service's name and contact details, for the pages
 * @param publicUrl the outside URL, including `/auth`
 */
export function addGatewayResponses(api: RestApi, config: PageConfig, publicUrl: string): void {
  for (const { type, statusCode, retryAfter, error, page, options } of gatewayResponses) {
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
