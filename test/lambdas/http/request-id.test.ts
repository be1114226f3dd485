import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { isReference, readRequestId, shortenRequestId } from '../../../lambdas/http/request-id.ts';
import { route } from '../../../lambdas/http/route.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { apiEvent, lambdaContext } from '../../support/api-event.ts';
import { testPages } from '../../support/rendered-pages.ts';

const ofApiGateway = '4d5c1e0a-3c3e-4b5e-9d55-6f7c5a1e0b42';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a caller may send as `x-amzn-RequestId`. */
const chosen = [
  ['of words', 'call 0900 123'],
  ['of HTML', '<script>alert(1)</script>'],
  ['of a line for the log', '"},{"event":"audit","action":"signed_in"}\n'],
  ['in capital letters', ofApiGateway.toUpperCase()],
  ['with a space after it', `${ofApiGateway} `],
  ['without a character', ''],
  ['of 8,000 characters', 'x'.repeat(8000)],
] as const;

describe('a request id', () => {
  test('of API Gateway stays as it is', () => {
    expect(readRequestId(ofApiGateway)).toBe(ofApiGateway);
  });

  test.each(chosen)('%s, which a caller has chosen, is replaced', (_, requestId) => {
    expect(readRequestId(requestId)).toMatch(uuid);
    expect(readRequestId(requestId)).toBe(readRequestId(requestId));
    expect(readRequestId(requestId)).not.toBe(readRequestId(`${requestId}.`));
  });

  test('begins with the reference that users are shown', () => {
    expect(shortenRequestId(ofApiGateway)).toBe('4d5c1e0a');
    expect(isReference('4d5c1e0a')).toBe(true);
  });
});

test.each(['4d5c1e0', '4d5c1e0a1', '4d5c1e0a\n', '4D5C1E0A', 'o0l1o0l1', ''])(
  '%j is no reference',
  (text) => {
    expect(isReference(text)).toBe(false);
  },
);

test.each(chosen)('a request id %s gets onto no page and into no log', async (_, requestId) => {
  const lines: string[] = [];
  const publicUrl = 'https://service.example/auth';
  const handler = route(
    {
      route: 'test',
      logger: createLogger({ deployment: 'test', write: (line) => lines.push(line) }),
      publicUrl,
      pages: testPages(publicUrl),
      format: 'page',
    },
    () => Promise.reject(new RelyingPartyError('attempt_expired', 'too late')),
  );
  const event = apiEvent({ path: '/auth/login' });
  event.requestContext.requestId = requestId;
  const { body } = await handler(event, lambdaContext());
  const ids = lines
    .map((line) => JSON.parse(line))
    .filter(({ event: name }) => name !== undefined)
    .map(({ request_id }) => request_id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids)).toEqual(new Set([expect.stringMatching(uuid)]));
  expect(body).toContain(`Reference number: ${ids[0].slice(0, 8)}<`);
});
