import type { APIGatewayAuthorizerResult, APIGatewayProxyResult } from 'aws-lambda';
import { RelyingPartyError } from '../../lambdas/core/errors.ts';
import { readHeading } from '../support/web-browser.ts';

/** What a caller received, whatever kind of caller it is. */
export interface CallerResponse {
  readonly status: number;
  /** Where a redirect leads, or nowhere. */
  readonly location: string;
  /** The heading of a page. */
  readonly heading: string;
  /** Of JSON, or of what a function threw. */
  readonly code: string;
  readonly setsCookies: boolean;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export function readResponse({
  statusCode,
  headers,
  multiValueHeaders,
  body,
}: APIGatewayProxyResult): CallerResponse {
  const isJson = String(headers?.['Content-Type'] ?? '').startsWith('application/json');
  const { error, error_description: description } = isJson ? JSON.parse(body) : {};
  return {
    status: statusCode,
    location: String(headers?.['Location'] ?? ''),
    heading: readHeading({ body }),
    // Back-channel logout has our code in the description (OIDC Back-Channel Logout, 2.8).
    code: String(description ?? error ?? '').split(':')[0] ?? '',
    setsCookies: (multiValueHeaders?.['Set-Cookie'] ?? []).length > 0,
    headers: headers ?? {},
    body,
  };
}

const nothing = { location: '', heading: '', setsCookies: false, headers: {}, body: '' };

/** What API Gateway makes of an authorizer's decision: 200 stands for the application's own response. */
export async function readAuthorizerResponse(
  answer: Promise<APIGatewayAuthorizerResult>,
): Promise<CallerResponse> {
  try {
    const [statement] = (await answer).policyDocument.Statement;
    return { ...nothing, status: statement?.Effect === 'Allow' ? 200 : 403, code: '' };
  } catch (error) {
    const code = Object(error).message as string;
    return { ...nothing, status: code === 'Unauthorized' ? 401 : 500, code };
  }
}

/** What the scheduler sees of a function: that it failed or did not. */
export async function readRefresherResponse(done: Promise<void>): Promise<CallerResponse> {
  try {
    await done;
    return { ...nothing, status: 200, code: '' };
  } catch (error) {
    const code = error instanceof RelyingPartyError ? error.code : 'unexpected';
    return { ...nothing, status: 500, code };
  }
}
