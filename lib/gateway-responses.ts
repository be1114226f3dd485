import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An answer that API Gateway gives by itself, without asking a function. */
interface GatewayAnswer {
  readonly type: ResponseType;
  /** Instead of the status that API Gateway would choose. */
  readonly statusCode?: string;
  /** For programs. */
  readonly error: string;
  /** For people. */
  readonly title: string;
  readonly text: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

const answers: readonly GatewayAnswer[] = [
  {
    // What a path or method that does not exist gets; API Gateway itself would answer 403.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    error: 'not_found',
    title: 'Page not found',
    text: 'If you typed the web address, check it is correct.',
  },
  {
    type: ResponseType.THROTTLED,
    error: 'too_many_requests',
    title: 'Sorry, the service is busy',
    text: 'Try again in a minute.',
    retryAfter: 60,
  },
  {
    // What the firewall refuses: for too many requests from one address as well.
    type: ResponseType.WAF_FILTERED,
    error: 'request_refused',
    title: 'Sorry, there is a problem with your request',
    text: 'Wait a few minutes, then try again.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    error: 'request_refused',
    title: 'Sorry, there is a problem with your request',
    text: 'Go back and try again.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    error: 'temporarily_unavailable',
    title: 'Sorry, there is a problem with the service',
    text: 'Try again in a minute.',
    retryAfter: 60,
  },
];

/** What functions and the access log call the request as well. */
const reference = '$context.requestId';

/** As the functions' own answers have them: nothing is cached, framed or sniffed, no address leaks as a referrer. */
const headers: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Strict-Transport-Security': 'max-age=63072000',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

/**
 * Gives API Gateway's own answers our headers, and words that say nothing of what is behind: its defaults name
 * integrations and signatures.
 */
export function addGatewayResponses(api: RestApi): void {
  for (const { type, statusCode, retryAfter, ...words } of answers) {
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
        'application/json': JSON.stringify({ error: words.error, reference }),
        'text/html': page(words),
      },
    });
  }
}

function page({ title, text }: Pick<GatewayAnswer, 'title' | 'text'>): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p><p>Reference: ${reference}</p></body></html>`;
}
