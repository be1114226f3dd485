import { createHash } from 'node:crypto';
import { GatewayResponse, type IRestApi, ResponseType, type RestApiBase } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { commonHeaders } from '../../lambdas/http/security-headers.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../pages/render-gateway-page.ts';
import type { PageConfig } from '../pages/service-presentation.ts';
import type { GatewayPageName } from '../pages/texts/text-types.ts';

export interface AuthorizerGatewayResponsesProps
  extends Partial<
    Pick<PageConfig, 'serviceNameWelsh' | 'defaultPage' | 'contact' | 'phaseBanner' | 'footerLinks'>
  > {
  /** The service's own API, whose methods use one of our authorizers. */
  readonly restApi: IRestApi | RestApiBase;
  /** The deployment's outside URL, including `/auth`: its output `PublicUrl`. */
  readonly publicUrl: string;
  /** For the pages. The other fields are as in the deployment's config, with the same defaults. */
  readonly serviceName: string;
}

/** The response of API Gateway after an authorizer refused a request. */
interface RefusalResponse {
  readonly type: ResponseType;
  readonly statusCode: string;
  readonly json: Readonly<Record<string, string>>;
  readonly page: GatewayPageName;
  readonly options: Omit<GatewayPageOptions, 'publicUrl' | 'script'>;
  /** Seconds. */
  readonly retryAfter?: number;
}

/**
 * Sets the responses of a REST API of the service to requests that an authorizer refuses. They contain what is missing
 * and the URL to get it: as JSON for programs, and as a page with a link for browsers. API Gateway chooses by the
 * request's Accept header. Without this construct, API Gateway returns its default messages, which do not help users.
 *
 * `ACCESS_DENIED` uses values from the authorizer's context. `UNAUTHORIZED` has no context. The templates contain nothing
 * of the request except its method, because they cannot escape values.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export class AuthorizerGatewayResponses extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { restApi, publicUrl, ...props }: AuthorizerGatewayResponsesProps,
  ) {
    super(scope, id);
    const config: PageConfig = { defaultPage: '/', footerLinks: [], pageTexts: {}, ...props };
    for (const { type, statusCode, json, page, options, retryAfter } of listRefusalResponses(publicUrl)) {
      new GatewayResponse(this, type.responseType, {
        // The CDK's own types do not fit each other under exactOptionalPropertyTypes.
        restApi: restApi as IRestApi,
        type,
        statusCode,
        responseHeaders: {
          ...headers,
          ...(retryAfter === undefined ? {} : { 'Retry-After': `'${retryAfter}'` }),
        },
        templates: {
          'application/json': JSON.stringify(json),
          'text/html': renderGatewayPage(config, page, { ...options, publicUrl, script }),
        },
      });
    }
  }
}

const headers = Object.fromEntries(
  Object.entries(commonHeaders).map(([name, value]) => [name, `'${value}'`]),
);

function listRefusalResponses(publicUrl: string): readonly RefusalResponse[] {
  return [
    {
      type: ResponseType.UNAUTHORIZED,
      statusCode: '401',
      json: { error: 'login_required', login_url: `${publicUrl}/login` },
      page: 'sign-in-needed',
      options: {
        leadsTo: { en: `${publicUrl}/login`, cy: `${publicUrl}/login?lang=cy` },
      },
    },
    {
      type: ResponseType.ACCESS_DENIED,
      statusCode: '403',
      json: {
        error: '$context.authorizer.error',
        step_up_url: '$context.authorizer.step_up_url',
      },
      page: 'access-denied',
      options: {
        leadsTo: { en: '$context.authorizer.link_url', cy: '$context.authorizer.link_url' },
        variables: {
          en: {
            explanation: '$context.authorizer.explanation',
            linkText: '$context.authorizer.link_text',
          },
          cy: {
            explanation: '$context.authorizer.welsh_explanation',
            linkText: '$context.authorizer.welsh_link_text',
          },
        },
      },
    },
    // The authorizer failed. To sign in again would not help. API Gateway uses the second type for a function that throws.
    ...[ResponseType.AUTHORIZER_FAILURE, ResponseType.AUTHORIZER_CONFIGURATION_ERROR].map((type) => ({
      type,
      statusCode: '503',
      json: { error: 'temporarily_unavailable' },
      page: 'unavailable' as const,
      options: { leadsTo: 'same-page', contact: 'usual' } as const,
      retryAfter: 30,
    })),
  ];
}

/**
 * Adds the current page to the link as `return_to`, unless the request sent a form. A template can't do this: behind a
 * domain or CloudFront the path that API Gateway sees differs from the one in the browser, and the path would have to be
 * encoded. Without scripts, users return to the default page.
 */
const text = `
if (document.body.dataset.method === 'GET') {
  for (const link of document.querySelectorAll('main a[href*="/auth/"]')) {
    link.search += (link.search ? '&' : '?') + 'return_to=' + encodeURIComponent(location.pathname + location.search);
  }
}
`;
const script = {
  text,
  hash: createHash('sha256').update(text).digest('base64'),
  reads: { 'data-method': '$context.httpMethod' },
};
