import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { htmlResponse } from '../../../lambdas/http/response.ts';
import { route } from '../../../lambdas/http/route.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { apiEvent, lambdaContext } from '../../support/api-event.ts';
import { testPages } from '../../support/rendered-pages.ts';

let lines: string[];

beforeEach(() => {
  lines = [];
});

const options = () => ({
  route: 'test',
  logger: createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => 1 }),
  pages: testPages('https://service.example/auth'),
  publicUrl: 'https://service.example/auth',
  format: 'page' as const,
});

describe('a route', () => {
  test('answers an error that nobody foresaw with a page that tells nothing of it', async () => {
    const handler = route(options(), () => Promise.reject(new TypeError('the token is secret-123')));
    const response = await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
    expect(response.statusCode).toBe(500);
    expect(response.headers?.['Cache-Control']).toBe('no-store');
    expect(response.body).toMatch(/Reference number: 00000000\s*</);
    for (const text of [response.body, ...lines]) expect(text).not.toContain('secret-123');
    expect(lines[0]).toContain('"error_name":"TypeError"');
  });

  test('logs the cause of an error by its class alone', async () => {
    const cause = new RangeError('secret-123');
    const handler = route(options(), () =>
      Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'GetItem failed', { cause })),
    );
    await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
    expect(lines.join()).toContain('"error_name":"RangeError"');
    expect(lines.join()).not.toContain('secret-123');
  });

  test('answers before the function runs out of time', async () => {
    const handler = route(options(), () => new Promise(() => undefined));
    const response = await handler(apiEvent({ path: '/auth/login' }), lambdaContext(501));
    expect(response.statusCode).toBe(503);
    expect(response.headers?.['Retry-After']).toBe('30');
    expect(lines[0]).toContain('"code":"deadline_exceeded"');
  });

  test.each([
    ['attempt_expired', 'info', 'caller'],
    ['provider_timed_out', 'error', 'provider'],
    ['kms_unavailable', 'error', 'aws'],
  ] as const)('logs and counts %s as what it is', async (code, level, fault) => {
    const handler = route(options(), () => Promise.reject(new RelyingPartyError(code, 'what was wrong')));
    await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged[0]).toMatchObject({
      level,
      event: 'refused',
      request_id: '00000000-0000-4000-8000-000000000001',
      code,
      fault,
      message: 'what was wrong',
    });
    expect(logged).toContainEqual(expect.objectContaining({ code, refused: 1 }));
  });

  test('tells the first request of an instance from the others', async () => {
    const handler = route(options(), async () => htmlResponse(200, 'x'));
    await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
    await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
    const answered = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'answered');
    expect(answered.map((line) => line.cold_start)).toEqual([true, false]);
  });

  test('answers a page as what it is, with a policy that lets it load our own styles, fonts and images, run the script of the buttons, and nothing else', async () => {
    const { headers } = await route(options(), async () => htmlResponse(200, 'x'))(
      apiEvent({ path: '/auth/login' }),
      lambdaContext(),
    );
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src ${buttonScriptSource}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    });
  });

  test('logs no query, cookie or header', async () => {
    const handler = route(options(), async () => htmlResponse(200, 'x'));
    const event = apiEvent({ path: '/auth/callback?code=secret-code', headers: { Cookie: 'secret-cookie' } });
    await handler(event, lambdaContext());
    expect(lines.join()).not.toMatch(/secret/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'answered', route: 'test', status: 200 });
  });
});
