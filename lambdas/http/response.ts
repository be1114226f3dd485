import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ReturnAddress } from '../core/flow/return-to.ts';
import type { ProviderAddress } from '../core/one-login/messages.ts';

/** Redirects the browser with a GET (RFC 9110, 15.4.4), and sets cookies. */
export function redirect(
  location: ReturnAddress | ProviderAddress,
  cookies: readonly string[] = [],
): APIGatewayProxyResult {
  return withCookies({ statusCode: 303, headers: { Location: location }, body: '' }, cookies);
}

/** The response to HEAD at a route where GET would change something. */
export function emptyResponse(): APIGatewayProxyResult {
  return { statusCode: 200, body: '' };
}

export function withCookies(
  response: APIGatewayProxyResult,
  cookies: readonly string[],
): APIGatewayProxyResult {
  return cookies.length === 0 ? response : { ...response, multiValueHeaders: { 'Set-Cookie': [...cookies] } };
}

export function jsonResponse(statusCode: number, body: unknown): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}

export function htmlResponse(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}
