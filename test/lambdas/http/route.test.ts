import { describe, expect, jest, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { htmlResponse } from '../../../lambdas/http/response.ts';
import { apiEvent } from '../../support/api-event.ts';
import { createRoute } from '../../support/call-route.ts';

const answerPage = async () => htmlResponse(200, 'x');

describe('a route', () => {
  // id: error-page-without-detail
  test('shows a page without any detail for an unexpected error', async () => {
    const { call, lines } = createRoute(() => Promise.reject(new TypeError('the token is secret-123')));
    const response = await call();
    expect(response).toMatchObject({ statusCode: 500, headers: { 'Cache-Control': 'no-store' } });
    expect(response.body).toMatch(/Reference number: 00000000\s*</);
    expect(response.body + lines.join()).not.toContain('secret-123');
    expect(lines[0]).toContain('"error_name":"TypeError"');
  });

  test('logs the cause of an error by its class alone', async () => {
    const cause = new RangeError('secret-123');
    const error = new RelyingPartyError('dynamodb_unavailable', 'GetItem failed', { cause });
    const { call, lines } = createRoute(() => Promise.reject(error));
    await call();
    expect(lines.join()).toContain('"error_name":"RangeError"');
    expect(lines.join()).not.toContain('secret-123');
  });

  test('responds before the function runs out of time', async () => {
    const { call, lines } = createRoute(() => new Promise(() => undefined));
    const response = await call(undefined, 501);
    expect(response).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '30' } });
    expect(lines[0]).toContain('"code":"deadline_exceeded"');
  });

  test.each([
    ['attempt_expired', 'info', 'caller'],
    ['authorization_server_error', 'warn', 'claimed'],
    ['provider_timed_out', 'error', 'provider'],
    ['kms_unavailable', 'error', 'aws'],
  ] as const)('logs and counts %s at the level %s as a fault of %s', async (code, level, fault) => {
    const { call, parseLog } = createRoute(() =>
      Promise.reject(new RelyingPartyError(code, 'what was wrong')),
    );
    await call();
    expect(parseLog()[0]).toMatchObject({
      level,
      event: 'refused',
      request_id: '00000000-0000-4000-8000-000000000001',
      code,
      fault,
      message: 'what was wrong',
    });
    expect(parseLog()).toContainEqual(expect.objectContaining({ code, refused: 1 }));
  });

  test('logs and counts the first request of an instance as a cold start', async () => {
    const { call, parseLog } = createRoute(answerPage);
    for (let i = 0; i < 3; i += 1) await call();
    const answered = parseLog().filter(({ event }) => event === 'answered');
    expect(answered.map((line) => line.cold_start)).toEqual([true, false, false]);
    expect(parseLog().flatMap(({ cold_starts: starts }) => starts ?? [])).toEqual([1]);
  });

  test('logs how long a request took', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    const { call, parseLog } = createRoute(() => {
      now.mockReturnValue(1250.4);
      return answerPage();
    });
    await call();
    now.mockRestore();
    expect(parseLog()[0]).toMatchObject({ event: 'answered', duration_ms: 250 });
  });

  test.each([
    [200, false],
    [401, true],
  ])('logs a line for a %s of userinfo: %s', async (statusCode, logged) => {
    const { call, parseLog } = createRoute(async () => ({ statusCode, body: '' }), { route: 'userinfo' });
    await call();
    expect(parseLog().some(({ event }) => event === 'answered')).toBe(logged);
    expect(parseLog()).toContainEqual(expect.objectContaining({ cold_starts: [1] }));
  });

  test('logs no query, cookie or header', async () => {
    const { call, lines, parseLog } = createRoute(answerPage);
    await call(apiEvent({ path: '/auth/callback?code=secret-code', headers: { Cookie: 'secret-cookie' } }));
    expect(lines.join()).not.toMatch(/secret/);
    expect(parseLog()[0]).toMatchObject({ event: 'answered', route: 'test', status: 200 });
  });
});
