/** The service's own APIs with our authorizers, as in docs/authorizer.md. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { Stack } from 'aws-cdk-lib/core';
import { OrdersApi } from '../../examples/cdk/orders-api.ts';
import { OrdersHttpApi } from '../../examples/cdk/orders-http-api.ts';
import { describeDenial } from '../../lambdas/authorizer/denials.ts';
import { buttonScriptSource } from '../../lib/pages/button-script.ts';
import { findLink } from '../support/html.ts';
import { readHeading } from '../support/web-browser.ts';
import { findResource, listResources, synthesiseStack } from './synthesise.ts';

const publicUrl = 'https://service.example/auth';
const application = 'https://application.internal';

describe("a service's REST API", () => {
  const api = synthesiseStack(
    (app) =>
      new OrdersApi(app, 'Orders', {
        deployment: 'licences',
        publicUrl,
        serviceName: 'Rod & reel <licences> for $5',
        application,
      }),
  );
  const responses = new Map(
    listResources(api, 'AWS::ApiGateway::GatewayResponse').map(({ Properties }) => [
      Properties.ResponseType as string,
      Properties,
    ]),
  );
  const render = (
    type: string,
    contentType: string,
    context: Readonly<Record<string, string>> = {},
  ): string =>
    Object.entries({ httpMethod: 'GET', ...context }).reduce(
      (text, [name, value]) => text.replaceAll(`$context.${name}`, value),
      responses.get(type)?.ResponseTemplates[contentType],
    );
  const buildContext = (error: Parameters<typeof describeDenial>[0]) =>
    Object.fromEntries(
      Object.entries(describeDenial(error, { stepUp: 'prove-identity', publicUrl })).map(([name, value]) => [
        `authorizer.${name}`,
        value,
      ]),
    );

  // id: authorizer-never-cached
  it('uses the functions of the SSM parameters, only for requests with a cookie and without caching', () => {
    for (const level of ['Cl.Cm', 'Cl.Cm.P2']) {
      api.hasParameter('*', {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: `/one-login/licences/authorizer/${level}`,
      });
    }
    api.resourceCountIs('AWS::ApiGateway::Authorizer', 2);
    api.allResourcesProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.Cookie',
    });
    for (const { Properties } of listResources(api, 'AWS::ApiGateway::Authorizer'))
      expect(JSON.stringify(Properties.AuthorizerUri)).toMatch(/SsmParameterValue.*authorizerClCm/);
  });

  it('adds no permission, which would have to be in the stack of the functions', () => {
    api.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  it('maps only values that the authorizer always returns', () => {
    for (const { Properties } of listResources(api, 'AWS::ApiGateway::Method')) {
      expect(Properties.AuthorizationType).toBe('CUSTOM');
      for (const [header, value] of Object.entries(Properties.Integration.RequestParameters)) {
        expect(header).toMatch(/^integration\.request\.header\.X-One-Login-/);
        expect(value).toMatch(/^context\.authorizer\.(sub|vot|identity_outcome|identity_vot|email)$/);
      }
    }
  });

  it.each<[string, string, Parameters<typeof describeDenial>[0] | undefined, string, object]>([
    [
      'a missing session',
      'UNAUTHORIZED',
      undefined,
      '401',
      { error: 'login_required', login_url: `${publicUrl}/login` },
    ],
    [
      'a missing identity',
      'ACCESS_DENIED',
      'insufficient_identity',
      '403',
      { error: 'insufficient_identity', step_up_url: `${publicUrl}/prove-identity` },
    ],
    [
      'a cross-site request',
      'ACCESS_DENIED',
      'cross_site_request',
      '403',
      { error: 'cross_site_request', step_up_url: '' },
    ],
    ...(['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR'] as const).map(
      (type) =>
        [
          `an authorizer that fails (${type})`,
          type,
          undefined,
          '503',
          { error: 'temporarily_unavailable' },
        ] as [string, string, undefined, string, object],
    ),
  ])('returns JSON to programs for %s: %s', (_, type, error, status, json) => {
    const context = error === undefined ? {} : buildContext(error);

    expect(responses.get(type)?.StatusCode).toBe(status);
    expect(JSON.parse(render(type, 'application/json', context))).toEqual(json);
  });

  it('returns a page with a link to browsers, in English and Welsh', () => {
    const signIn = render('UNAUTHORIZED', 'text/html');
    const proveIdentity = render('ACCESS_DENIED', 'text/html', buildContext('insufficient_identity'));

    expect(signIn).toContain('<html lang="en"');
    expect(signIn).toContain(' data-method="GET"');
    expect(readHeading({ body: signIn })).toBe('You need to sign in');
    expect(findLink(signIn, 'Sign in')).toBe(`${publicUrl}/login`);
    expect(findLink(signIn, 'Mewngofnodi')).toBe(`${publicUrl}/login?lang=cy`);
    expect(findLink(proveIdentity, 'Prove your identity')).toBe(`${publicUrl}/prove-identity`);
    expect(findLink(proveIdentity, 'Profi eich hunaniaeth')).toBe(`${publicUrl}/prove-identity`);
    expect(proveIdentity).toContain('You need to prove your identity with GOV.UK One Login');
    expect(proveIdentity).toContain('Mae angen i chi brofi eich hunaniaeth gyda GOV.UK One Login');
    expect(proveIdentity).toContain('Rod &amp; reel &lt;licences&gt; for &dollar;5');
    for (const page of [signIn, proveIdentity]) {
      expect(page).toMatch(/<section lang="cy" id="cymraeg"/);
      expect(page).not.toMatch(/\$|#(?!\d)/);
    }
  });

  it('returns responses that must not be cached, and a time to retry after when the authorizer fails', () => {
    expect(responses.size).toBe(4);
    for (const { ResponseParameters } of responses.values()) {
      expect(ResponseParameters).toMatchObject({ 'gatewayresponse.header.Cache-Control': "'no-store'" });
    }
    for (const type of ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR']) {
      expect(responses.get(type)?.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Retry-After': "'30'",
      });
    }
  });

  it('returns nothing of a request except its method', () => {
    for (const { ResponseTemplates } of responses.values()) {
      const variables = Object.values<string>(ResponseTemplates).flatMap((text) => [
        ...text.matchAll(/\$[\w.]+/g),
      ]);
      for (const [variable] of variables)
        expect(variable).toMatch(/^\$context\.(authorizer\.\w+|httpMethod)$/);
    }
  });

  describe('its page', () => {
    const page = render('UNAUTHORIZED', 'text/html');
    const [, script = ''] = /<script>(\s[\s\S]*?)<\/script>/.exec(page) ?? [];

    it('may run only its own script and that of the buttons', () => {
      const hash = createHash('sha256').update(script).digest('base64');

      expect(page).toContain(
        `base-uri 'none'; form-action 'none'; script-src ${buttonScriptSource} 'sha256-${hash}'"`,
      );
    });

    it.each([
      [
        'itself',
        'GET',
        '',
        '/orders/a%20b?page=2&x="<',
        '?return_to=%2Forders%2Fa%2520b%3Fpage%3D2%26x%3D%22%3C',
      ],
      ['itself in the language of the link', 'GET', '?lang=cy', '/orders', '?lang=cy&return_to=%2Forders'],
      ['the default page after a form, which cannot be sent again', 'POST', '', '/orders', ''],
    ])('returns users to %s', (_, method, linkSearch, path, expected) => {
      const link = new URL(`${publicUrl}/login${linkSearch}`);
      const document = {
        body: { dataset: { method } },
        querySelectorAll: () => (link.href.includes('/auth/') ? [link] : []),
      };
      const [pathname, search] = path.split(/(?=\?)/);
      runInNewContext(script, {
        document,
        location: { pathname, search: search ?? '' },
        encodeURIComponent,
      });

      expect(link.href).toBe(`${publicUrl}/login${expected}`);
    });
  });
});

describe("a service's HTTP API", () => {
  const api = synthesiseStack(
    (app) => new OrdersHttpApi(app, 'Orders', { deployment: 'licences', application }),
  );

  it('accepts policies from the function, without caching', () => {
    const { Properties } = findResource(api, 'AWS::ApiGatewayV2::Authorizer');

    expect(Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '1.0',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: [],
    });
    expect(Properties.EnableSimpleResponses ?? false).toBe(false);
  });

  it("overwrites the caller's headers and removes the session cookie", () => {
    expect(findResource(api, 'AWS::ApiGatewayV2::Integration').Properties.RequestParameters).toEqual({
      'overwrite:header.x-one-login-sub': '$context.authorizer.sub',
      'overwrite:header.x-one-login-vot': '$context.authorizer.vot',
      'overwrite:header.x-one-login-email': '$context.authorizer.email',
      'remove:header.cookie': '',
    });
  });
});

describe('the CloudFormation template of a REST API', () => {
  const api = synthesiseStack((app) => {
    const stack = new Stack(app, 'Orders');
    new CfnInclude(stack, 'Template', {
      templateFile: fileURLToPath(new URL('../../examples/cloudformation/orders-api.yaml', import.meta.url)),
    });
    return stack;
  });

  it('uses the function only for requests with a cookie, without caching', () => {
    api.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.Cookie',
    });
  });

  it('returns the same JSON as the construct', () => {
    const templates = listResources(api, 'AWS::ApiGateway::GatewayResponse').map(({ Properties }) => [
      Properties.ResponseType,
      Properties.ResponseTemplates['application/json'],
    ]);

    expect(Object.fromEntries(templates)).toEqual({
      UNAUTHORIZED: { 'Fn::Sub': '{"error":"login_required","login_url":"${LoginUrl}"}' },
      ACCESS_DENIED: '{"error":"$context.authorizer.error","step_up_url":"$context.authorizer.step_up_url"}',
    });
  });
});
