import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/**
 * The headers of every response below `/auth`, including the ones that API Gateway makes itself. Nothing is cached or
 * listed by search engines, no URL of ours leaks as a referrer, nothing is framed or sniffed.
 */
export const commonHeaders = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

export const strictTransportSecurity = { 'Strict-Transport-Security': 'max-age=63072000' } as const;

/**
 * The headers of every response of a function. A page may load our own styles, fonts and images, and run the one script
 * that pages have (see `lib/pages/button-script.ts`). A handler's own header of the same name wins.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  ...commonHeaders,
  ...strictTransportSecurity,
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "script-src 'sha256-JUQ9Jnw3bb/ZihHkUJxiVpgRo15U2DP7G7NOWD6UDrk='",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Selects the headers of a response. A redirect has no `Cross-Origin-Opener-Policy`, because that would separate the window
 * from a page that opened the sign-in in a popup (HTML Standard, 7.1.3).
 */
export function selectSecurityHeaders({
  statusCode,
}: APIGatewayProxyResult): Readonly<Record<string, string>> {
  const { 'Cross-Origin-Opener-Policy': _ofPages, ...headers } = securityHeaders;
  return statusCode >= 300 && statusCode < 400 ? headers : securityHeaders;
}

export function addSecurityHeaders(): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const add = (request: { response: APIGatewayProxyResult | null | undefined }) => {
    if (request.response)
      request.response.headers = { ...selectSecurityHeaders(request.response), ...request.response.headers };
  };
  return { after: add, onError: add };
}
