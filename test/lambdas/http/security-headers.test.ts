import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { trustedAddress } from '../../../lambdas/core/flow/return-to.ts';
import { htmlResponse, redirect } from '../../../lambdas/http/response.ts';
import { route } from '../../../lambdas/http/route.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { apiEvent, lambdaContext } from '../../support/api-event.ts';
import { testPages } from '../../support/rendered-pages.ts';

const answers = {
  'a page': async () => htmlResponse(200, '<h1>Page</h1>'),
  'an error': () => Promise.reject(new RelyingPartyError('attempt_expired', 'too late')),
  'an error that nobody foresaw': () => Promise.reject(new TypeError('x')),
};

describe.each(Object.entries(answers))('%s', (_, answer) => {
  const options = {
    route: 'test',
    logger: createLogger({ deployment: 'test', write: () => {} }),
    publicUrl: 'https://service.example/auth',
    pages: testPages('https://service.example/auth'),
    format: 'page' as const,
  };

  test.each([
    ['is kept by no cache', 'Cache-Control', /^no-store$/],
    ['tells no other site the address that it had', 'Referrer-Policy', /^no-referrer$/],
    ['is taken for nothing but what it says it is', 'X-Content-Type-Options', /^nosniff$/],
    ['is shown in no frame, also by browsers without CSP', 'X-Frame-Options', /^DENY$/],
    ['is shown in no frame', 'Content-Security-Policy', /frame-ancestors 'none'/],
    ['loads nothing that it does not name', 'Content-Security-Policy', /default-src 'none'/],
    ['has no scripts of its own lines', 'Content-Security-Policy', /^(?!.*unsafe-inline)/],
    ['is asked for by https from then on, for two years', 'Strict-Transport-Security', /^max-age=63072000\b/],
    ['is listed by no search engine', 'X-Robots-Tag', /^noindex$/],
    ['shares its window with no other site', 'Cross-Origin-Opener-Policy', /^same-origin$/],
    ['is no resource of other sites', 'Cross-Origin-Resource-Policy', /^same-origin$/],
  ])('%s (%s)', async (_behaviour, name, value) => {
    const { headers } = await route(options, answer)(apiEvent({ path: '/auth/login' }), lambdaContext());
    expect(headers?.[name]).toMatch(value);
  });

  test('may be read by no other origin', async () => {
    const response = await route(options, answer)(apiEvent({ path: '/auth/login' }), lambdaContext());
    expect(JSON.stringify(response)).not.toMatch(/access-control-/i);
  });
});

test('a redirect leaves the window to the page that opened it, and has all other headers', async () => {
  const logger = createLogger({ deployment: 'test', write: () => {} });
  const handler = route({ route: 'test', logger, format: 'json' }, async () => redirect(trustedAddress('/')));
  const { headers } = await handler(apiEvent({ path: '/auth/login' }), lambdaContext());
  expect(headers).toMatchObject({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
  expect(headers).not.toHaveProperty('Cross-Origin-Opener-Policy');
});
