import { createHash } from 'node:crypto';

/** The request ids of REST APIs (RFC 9562, 4). */
const restApiForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads the id of a request for the log. A caller can choose it (see the documentation of `$context.requestId`). An id that
 * does not have the form of API Gateway's own is replaced by its hash, so that no text of a caller appears in the log or the
 * audit trail.
 *
 * @param form of API Gateway's own ids @default that of REST APIs
 */
export function readRequestId(requestId: string, form = restApiForm): string {
  if (form.test(requestId)) return requestId;
  const hash = createHash('sha256').update(requestId).digest('hex');
  return hash.replace(/(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}

/**
 * Shortens a request id for a page, so that a user can read it out over the telephone. The saved query `by-reference` finds
 * the beginning of an id in every log. Digits and the letters a to f are easy to distinguish.
 */
export function shortenRequestId(requestId: string): string {
  return requestId.slice(0, 8);
}

/** Whether a text has the form of {@link shortenRequestId}. */
export function isReference(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}
