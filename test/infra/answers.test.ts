/** What each answer carries, whoever gives it: a function, API Gateway in its place, or API Gateway by itself. */
import { describe, expect, test } from '@jest/globals';
import { securityHeaders } from '../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../../lib/pages/button-script.ts';
import { configWithEverything } from './everything-on.ts';
import { synthesise } from './synthesise.ts';

const template = synthesise(configWithEverything('withCloudFront'));

/** What may be cached: everybody may see it, and it is the same for everybody. */
const publicRoutes = /^(GET|HEAD) \/auth\/(\.well-known\/jwks\.json|assets\/)/;

/** The fixed values of headers that a response maps. */
function headersOf(parameters: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name.replace(/^.*\.header\./, '').toLowerCase(),
      value.replace(/^'(.*)'$/s, '$1'),
    ]),
  );
}

describe('no-store and no-referrer are on', () => {
  const methods = [...template.routes];

  test('every answer of a function, since it passes through as it is', () => {
    const ofFunctions = methods.filter(([, { Properties }]) => Properties.Integration.Type === 'AWS_PROXY');

    expect(ofFunctions.length).toBeGreaterThan(9);
    expect(securityHeaders).toMatchObject({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    for (const [, { Properties }] of ofFunctions)
      expect(Properties.Integration.IntegrationResponses).toBeUndefined();
  });

  test('every other answer but the JWKS and assets', () => {
    for (const [route, { Properties }] of methods) {
      if (Properties.Integration.Type === 'AWS_PROXY' || publicRoutes.test(route)) continue;
      for (const { ResponseParameters } of Properties.Integration.IntegrationResponses) {
        expect([route, headersOf(ResponseParameters)]).toEqual([
          route,
          expect.objectContaining({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }),
        ]);
      }
    }
  });

  test('not on the JWKS and assets, which say for how long they may be kept', () => {
    const cached = methods.filter(([route]) => publicRoutes.test(route));

    expect(cached.length).toBeGreaterThan(0);
    for (const [route, { Properties }] of cached) {
      for (const { ResponseParameters } of Properties.Integration.IntegrationResponses) {
        expect([route, headersOf(ResponseParameters)]).toEqual([
          route,
          expect.objectContaining({
            'cache-control': expect.stringMatching(/max-age=\d+/),
            'x-content-type-options': 'nosniff',
          }),
        ]);
      }
    }
  });
});

describe("API Gateway's own answers", () => {
  const responses = template
    .ofType('AWS::ApiGateway::GatewayResponse')
    .map(
      ([, { Properties }]) => [Properties.ResponseType, headersOf(Properties.ResponseParameters)] as const,
    );

  test.each(responses)('carry the headers that those of functions do: %s', (_, headers) => {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': securityHeaders['Strict-Transport-Security'],
    });
  });

  test.each(responses)(
    'let a page load nothing from elsewhere, run one script and be framed by nobody: %s',
    (_, headers) => {
      const policy = headers['content-security-policy'] ?? '';

      expect(policy).toMatch(/(^|; )default-src 'none'(;|$)/);
      expect(policy).toMatch(/(^|; )frame-ancestors 'none'(;|$)/);
      expect(policy).toMatch(/(^|; )base-uri 'none'(;|$)/);
      expect(policy.match(/script-src[^;]*/g)).toEqual([`script-src ${buttonScriptSource}`]);
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
    },
  );

  test('say of what the firewall refuses neither which rule it was nor that there is one', () => {
    const [, { Properties }] = template.one('AWS::ApiGateway::GatewayResponse', 'RestApiWAFFILTERED');

    expect(Properties).toMatchObject({ ResponseType: 'WAF_FILTERED' });
    expect(JSON.stringify(Properties.ResponseTemplates)).not.toMatch(
      /waf|firewall|rule|block|origin|cloudfront/i,
    );
  });
});
