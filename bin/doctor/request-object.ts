import { parseJsonObject } from '../../lambdas/core/one-login/json-object.ts';
import { readAnswer, readHeader } from './check.ts';
import type { Exchange } from './transport.ts';

/** The signed request that a route of ours sends to One Login (RFC 9101), decoded but not verified. */
export interface RequestObject {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** @returns undefined if the response does not redirect, or its URL has no request object */
export function readRequestObject(begin: Exchange): RequestObject | undefined {
  const answer = readAnswer(begin);
  const location = answer === undefined ? null : URL.parse(readHeader(answer, 'location'));
  const token = location?.searchParams.get('request') ?? '';
  const [header, claims] = token
    .split('.')
    .map((part) => parseJsonObject(Buffer.from(part, 'base64url').toString()));
  return header === undefined || claims === undefined ? undefined : { token, header, claims };
}
