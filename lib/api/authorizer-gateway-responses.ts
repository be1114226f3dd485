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
  /** The service's own API, whose methods have an authorizer of ours. */
  readonly restApi: IRestApi | RestApiBase;
  /** The deployment's outside URL up to and with `/auth`, as its output `PublicUrl` says. */
  readonly publicUrl: string;
  /** As the pages show it. What else they show is as in the deployment's config, with the same defaults. */
  readonly serviceName: string;
}

/** What API Gateway answers when an authorizer has not let a request through. */
interface Answer {
  readonly type: ResponseType;
  readonly statusCode: string;
  readonly json: Readonly<Record<string, string>>;
  readonly page: GatewayPageName;
  readonly options: Omit<GatewayPageOptions, 'publicUrl' | 'script'>;
  /** Seconds. */
  readonly retryAfter?: number;
}

/**
 * Has a REST API of the service say what is missing and where it can be had: programs get JSON, and whoever opened a
 * page gets a page with a link. API Gateway chooses by the request's Accept header. Without this construct the answers
 * are API Gateway's own, which tell a user nothing.
 *
 * `ACCESS_DENIED` shows what the authorizer's context says; `UNAUTHORIZED` comes without a context. Nothing of the
 * request but its method is shown: these templates can't escape.
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
    for (const { type, statusCode, json, page, options, retryAfter } of answers(publicUrl)) {
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

function answers(publicUrl: string): readonly Answer[] {
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
    {
      // The authorizer could not find out who calls: nothing that signing in again would change.
      type: ResponseType.AUTHORIZER_FAILURE,
      statusCode: '503',
      json: { error: 'temporarily_unavailable' },
      page: 'unavailable',
      options: { leadsTo: 'same-page', contact: 'usual' },
      retryAfter: 30,
    },
  ];
}

/**
 * Has the link lead back to the page that was asked for, unless a form was sent to it. A template could not: what API
 * Gateway knows of the path is not what the browser shows when a domain or CloudFront is in front of the API, and it
 * would have to be encoded. Without scripts the user gets to the default page.
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
