import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { isReference, readRequestId, shortenRequestId } from '../../../lambdas/http/request-id.ts';
import { apiEvent } from '../../support/api-event.ts';
import { createRoute } from '../../support/call-route.ts';

const ofApiGateway = '4d5c1e0a-3c3e-4b5e-9d55-6f7c5a1e0b42';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a request id', () => {
  test('of API Gateway stays as it is, and begins with the reference that users see', () => {
    expect(readRequestId(ofApiGateway)).toBe(ofApiGateway);
    expect(shortenRequestId(ofApiGateway)).toBe('4d5c1e0a');
    expect(isReference('4d5c1e0a')).toBe(true);
  });

  test.each([
    ['of words', 'call 0900 123'],
    ['of HTML', '<script>alert(1)</script>'],
    ['of a line for the log', '"},{"event":"audit","action":"signed_in"}\n'],
    ['with text before it', `x${ofApiGateway}`],
    ['in capital letters', ofApiGateway.toUpperCase()],
    ['with a space after it', `${ofApiGateway} `],
    ['without a character', ''],
    ['of 8,000 characters', 'x'.repeat(8000)],
  ])('%s, which a caller has chosen, is replaced', (_, requestId) => {
    expect(readRequestId(requestId)).toMatch(uuid);
    expect(readRequestId(requestId)).toBe(readRequestId(requestId));
    expect(readRequestId(requestId)).not.toBe(readRequestId(`${requestId}.`));
  });

  // id: chosen-request-id-not-leaked
  test('that a caller has chosen is on no page and in no log', async () => {
    const { call, parseLog } = createRoute(() =>
      Promise.reject(new RelyingPartyError('attempt_expired', 'too late')),
    );
    const event = apiEvent({ path: '/auth/login' });
    event.requestContext.requestId = 'call 0900 123';
    const { body } = await call(event);
    const ids = parseLog().flatMap(({ event: name, request_id }) => (name === undefined ? [] : request_id));
    expect(ids).toHaveLength(3);
    expect(new Set(ids)).toEqual(new Set([expect.stringMatching(uuid)]));
    expect(body).toContain(`Reference number: ${ids[0].slice(0, 8)}<`);
  });
});

test.each(['4d5c1e0', '4d5c1e0a1', 'x4d5c1e0a', '4d5c1e0a\n', '4D5C1E0A', 'o0l1o0l1', ''])(
  '%j is not a reference',
  (text) => {
    expect(isReference(text)).toBe(false);
  },
);
