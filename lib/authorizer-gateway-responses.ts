import { createHash } from 'node:crypto';
import { GatewayResponse, type IRestApi, ResponseType, type RestApiBase } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';

export interface AuthorizerGatewayResponsesProps {
  /** The service's own API, whose methods have an authorizer of ours. */
  readonly restApi: IRestApi | RestApiBase;
  /** The deployment's outside URL up to and with `/auth`, as its output `PublicUrl` says. */
  readonly publicUrl: string;
  /** As the pages show it. */
  readonly serviceName: string;
}

/** What API Gateway answers when an authorizer has not let a request through. */
interface Answer {
  readonly type: ResponseType;
  readonly statusCode: string;
  readonly json: Readonly<Record<string, string>>;
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly url: string; readonly text: string };
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
    { restApi, publicUrl, serviceName }: AuthorizerGatewayResponsesProps,
  ) {
    super(scope, id);
    for (const answer of answers(publicUrl)) {
      const { type, statusCode, json, retryAfter } = answer;
      new GatewayResponse(this, type.responseType, {
        // The CDK's own types do not fit each other under exactOptionalPropertyTypes.
        restApi: restApi as IRestApi,
        type,
        statusCode,
        responseHeaders: {
          ...headers,
          ...(retryAfter === undefined ? {} : { 'Retry-After': `'${retryAfter}'` }),
        },
        templates: { 'application/json': JSON.stringify(json), 'text/html': page(answer, serviceName) },
      });
    }
  }
}

const headers: Readonly<Record<string, string>> = {
  'Cache-Control': "'no-store'",
  'Referrer-Policy': "'no-referrer'",
  'X-Content-Type-Options': "'nosniff'",
  'X-Frame-Options': "'DENY'",
};

function answers(publicUrl: string): readonly Answer[] {
  return [
    {
      type: ResponseType.UNAUTHORIZED,
      statusCode: '401',
      json: { error: 'login_required', login_url: `${publicUrl}/login` },
      title: 'You need to sign in',
      text: 'You are not signed in, or you were signed out because you did not use the service for some time.',
      link: { url: `${publicUrl}/login`, text: 'Sign in' },
    },
    {
      type: ResponseType.ACCESS_DENIED,
      statusCode: '403',
      json: {
        error: '$context.authorizer.error',
        step_up_url: '$context.authorizer.step_up_url',
      },
      title: 'You cannot use this page yet',
      text: '$context.authorizer.explanation',
      link: { url: '$context.authorizer.link_url', text: '$context.authorizer.link_text' },
    },
    {
      // The authorizer could not find out who calls: nothing that signing in again would change.
      type: ResponseType.AUTHORIZER_FAILURE,
      statusCode: '503',
      json: { error: 'temporarily_unavailable' },
      title: 'Sorry, there is a problem with the service',
      text: 'Try again in a minute.',
      retryAfter: 30,
    },
  ];
}

/**
 * Has the link lead back to the page that was asked for, unless a form was sent to it. A template could not: what API
 * Gateway knows of the path is not what the browser shows when a domain or CloudFront is in front of the API, and it
 * would have to be encoded. Without scripts the user gets to the default page.
 */
const script = `
if (document.documentElement.dataset.method === 'GET') {
  for (const link of document.querySelectorAll('a[href*="/auth/"]')) {
    link.search = '?return_to=' + encodeURIComponent(location.pathname + location.search);
  }
}
`;
const scriptHash = createHash('sha256').update(script).digest('base64');

function page({ title, text, link }: Answer, serviceName: string): string {
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-${scriptHash}'`;
  return `<!DOCTYPE html>
<html lang="en" data-method="$context.httpMethod">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${escapeText(serviceName)}</title>
</head>
<body>
<header><p>${escapeText(serviceName)}</p></header>
<main>
<h1>${title}</h1>
<p>${text}</p>
${link === undefined ? '' : `<p><a href="${link.url}">${link.text}</a></p>\n`}</main>
<script>${script}</script>
</body>
</html>
`;
}

/** For HTML, and for API Gateway, to which a dollar sign may be a variable's beginning. */
function escapeText(text: string): string {
  return text.replace(/[&<>"'$]/g, (character) => `&#${character.charCodeAt(0)};`);
}
