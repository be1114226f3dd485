/** The headers of every response, from a function or from API Gateway. */
import { describe, expect, it } from '@jest/globals';
import { securityHeaders } from '../../lambdas/http/security-headers.ts';
import { buttonScriptSource } from '../../lib/pages/button-script.ts';
import { buildFullConfig } from './everything-on.ts';
import { listResources, readRoutes, synthesise } from './synthesise.ts';

const template = synthesise(buildFullConfig('withCloudFront'));
const methods = [...readRoutes(template)].map(
  ([route, { Properties }]) => [route, Properties.Integration] as const,
);

/** Routes whose responses may be cached, because they are public and the same for everybody. */
const publicRoutes = /^(GET|HEAD) \/auth\/(\.well-known\/jwks\.json|assets\/)/;

/** @returns the fixed values of the headers of a response */
function readHeaders(parameters: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name.replace(/^.*\.header\./, '').toLowerCase(),
      value.replace(/^'(.*)'$/s, '$1'),
    ]),
  );
}

describe('a response of a function', () => {
  it('passes through unchanged, with no-store and no-referrer', () => {
    const integrations = methods.filter(([, { Type }]) => Type === 'AWS_PROXY');

    expect(integrations.length).toBeGreaterThan(9);
    expect(securityHeaders).toMatchObject({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    for (const [, { IntegrationResponses }] of integrations) expect(IntegrationResponses).toBeUndefined();
  });
});

describe('a response without a function', () => {
  it('is public, as only the JWKS and assets are, whose own tests check their headers', () => {
    const others = methods.filter(([, { Type }]) => Type !== 'AWS_PROXY').map(([route]) => route);

    expect(others.filter((route) => !publicRoutes.test(route))).toEqual([]);
    expect(others.length).toBeGreaterThan(9);
  });
});

describe('a gateway response', () => {
  // Those of the example service are those of any API with our authorizers, which have tests of their own.
  const responses = listResources(template, 'AWS::ApiGateway::GatewayResponse', 'RestApi').map(
    ({ Properties }) => [Properties.ResponseType as string, Properties] as const,
  );
  const findGatewayResponse = (type: string) => new Map(responses).get(type);

  it('exists for all kinds of errors', () => {
    for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX', 'WAF_FILTERED', 'THROTTLED'])
      expect(findGatewayResponse(type)).toBeDefined();
  });

  it.each(responses)(
    'has the headers of the functions and a strict content security policy: %s',
    (_, properties) => {
      const headers = readHeaders(properties.ResponseParameters);
      const policy = headers['content-security-policy'] ?? '';

      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': securityHeaders['Strict-Transport-Security'],
      });
      expect(policy).toMatch(/(^|; )default-src 'none'(;|$)/);
      expect(policy).toMatch(/(^|; )frame-ancestors 'none'(;|$)/);
      expect(policy).toMatch(/(^|; )base-uri 'none'(;|$)/);
      expect(policy.match(/script-src[^;]*/g)).toEqual([`script-src ${buttonScriptSource}`]);
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
    },
  );

  it.each(responses)(
    'contains nothing of the request but, for programs, its id: %s',
    (_, { ResponseTemplates }) => {
      expect(Object.keys(ResponseTemplates).sort()).toEqual(['application/json', 'text/html']);
      const { 'application/json': json, 'text/html': html } = ResponseTemplates;
      expect(json).toContain('"reference":"$context.requestId"');
      expect(json.replaceAll('$context.requestId', '')).not.toMatch(/[$#]/);
      expect(html).not.toMatch(/\$|#(?!\d)/);
    },
  );

  // id: gateway-error-pages
  it('has the status 404 for a route that does not exist', () => {
    expect(findGatewayResponse('MISSING_AUTHENTICATION_TOKEN')).toMatchObject({
      StatusCode: '404',
      ResponseTemplates: { 'application/json': '{"error":"not_found","reference":"$context.requestId"}' },
    });
  });

  it.each(['THROTTLED', 'DEFAULT_5XX'])('has a time to retry after: %s', (type) => {
    expect(readHeaders(findGatewayResponse(type)?.ResponseParameters)['retry-after']).toMatch(/^\d+$/);
  });

  it('does not reveal that a firewall refused the request, or which rule', () => {
    expect(JSON.stringify(findGatewayResponse('WAF_FILTERED')?.ResponseTemplates)).not.toMatch(
      /waf|firewall|rule|block|origin|cloudfront/i,
    );
  });
});
