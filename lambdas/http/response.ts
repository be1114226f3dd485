import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ReturnAddress } from '../core/flow/return-to.ts';
import type { ProviderAddress } from '../core/one-login/messages.ts';

/** Sends the browser on with a GET (RFC 9110, 15.4.4), setting cookies on the way. */
export function redirect(
  location: ReturnAddress | ProviderAddress,
  cookies: readonly string[] = [],
): APIGatewayProxyResult {
  return withCookies({ statusCode: 303, headers: { Location: location }, body: '' }, cookies);
}

/** The answer to HEAD at a route where GET would change something: it has nothing to tell. */
export function nothingDone(): APIGatewayProxyResult {
  return { statusCode: 200, body: '' };
}

/** The response, setting cookies. */
export function withCookies(
  response: APIGatewayProxyResult,
  cookies: readonly string[],
): APIGatewayProxyResult {
  return cookies.length === 0 ? response : { ...response, multiValueHeaders: { 'Set-Cookie': [...cookies] } };
}

export function json(statusCode: number, body: unknown): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}

export function html(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}
