import type { ErrorCode } from '../../lambdas/core/errors.ts';
import { errorOfAuthorizationResponse } from '../../lambdas/core/one-login/authorization-response.ts';
import { readHeader } from './check.ts';
import type { Answer } from './transport.ts';

/**
 * The error with which One Login sends the user back to the callback, as our functions understand it.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 * @returns undefined when it sends the user elsewhere, or back without an error
 */
export function findErrorCode(answer: Answer, publicUrl: string): ErrorCode | undefined {
  const location = readHeader(answer, 'location');
  if (!location.startsWith(`${publicUrl}/callback?`)) return undefined;
  const { searchParams } = new URL(location);
  const error = searchParams.get('error');
  if (error === null) return undefined;
  const description = searchParams.get('error_description') ?? '';
  return errorOfAuthorizationResponse({ error, description }, undefined).code;
}
