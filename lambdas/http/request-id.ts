import { createHash } from 'node:crypto';

/** The request ids of REST APIs (RFC 9562, 4). */
const restApiForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id by which the log knows a request. A caller can choose it, as the documentation of `$context.requestId` says.
 * An id that is not in the form of API Gateway's own is replaced by a hash of it, so that no text of a caller's gets into
 * the log or the audit trail.
 *
 * @param form of API Gateway's own ids @default that of REST APIs
 */
export function readRequestId(requestId: string, form = restApiForm): string {
  if (form.test(requestId)) return requestId;
  const hash = createHash('sha256').update(requestId).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join('-');
}

/**
 * What a page shows of a request id: short enough to be read over a telephone, and the beginning of the id, by which the
 * saved query `by-reference` finds it in every log. Its characters are digits and the letters a to f: none looks like
 * another.
 */
export function shortenRequestId(requestId: string): string {
  return requestId.slice(0, 8);
}

/** Whether a text has the form of {@link shortenRequestId}. */
export function isReference(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}
