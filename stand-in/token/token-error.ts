import { jsonAnswer } from '../server/message.ts';
import { Refusal } from '../server/refusal.ts';

/** An error of the token endpoint (RFC 6749, 5.2). The real One Login answers 400 to all of them. */
export function tokenError(
  code: string,
  reason: string,
  error: { readonly error: string; readonly error_description: string },
): Refusal {
  return new Refusal(code, reason, jsonAnswer(400, error, { 'cache-control': 'no-store' }));
}
