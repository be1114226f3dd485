/** The service's own APIs in front of which our authorizers stand, as the guide has them. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { App, Stack } from 'aws-cdk-lib/core';
import { OrdersApi } from '../../examples/cdk/orders-api.ts';
import { OrdersHttpApi } from '../../examples/cdk/orders-http-api.ts';
import { describeDenial } from '../../lambdas/authorizer/denials.ts';
import { buttonScriptSource } from '../../lib/pages/button-script.ts';
import { linkOf } from '../support/html.ts';
import { headingOf } from '../support/web-browser.ts';
import { Template } from './synthesise.ts';

describe("a service's own REST API", () => {
  const api = synthesiseStack(
    (app) =>
      new OrdersApi(app, 'Orders', {
        deployment: 'licences',
        publicUrl: 'https://service.example/auth',
        serviceName: 'Rod & reel <licences> for $5',
        application: 'https://application.internal',
      }),
  );

  test('asks the functions that the SSM parameters name', () => {
    const parameters = Object.values(api.parameters).map(({ Type, Default }) => [Type, Default]);

    expect(parameters).toEqual(
      expect.arrayContaining([
        ['AWS::SSM::Parameter::Value<String>', '/one-login/licences/authorizer/Cl.Cm'],
        ['AWS::SSM::Parameter::Value<String>', '/one-login/licences/authorizer/Cl.Cm.P2'],
      ]),
    );
    const uris = api
      .ofType('AWS::ApiGateway::Authorizer')
      .map(([, { Properties }]) => Properties.AuthorizerUri);
    for (const uri of uris) expect(JSON.stringify(uri)).toMatch(/SsmParameterValue.*authorizerClCm/);
  });

  test('never caches what they say, and asks them only about requests with a cookie', () => {
    const authorizers = api.ofType('AWS::ApiGateway::Authorizer');

    expect(authorizers).toHaveLength(2);
    for (const [, { Properties }] of authorizers) {
      expect(Properties).toMatchObject({
        Type: 'REQUEST',
        AuthorizerResultTtlInSeconds: 0,
        IdentitySource: 'method.request.header.Cookie',
      });
    }
  });

  test('has no permission to add in the stack of the functions', () => {
    expect(api.ofType('AWS::Lambda::Permission')).toEqual([]);
  });

  test('maps what the authorizer always gives a value to', () => {
    for (const [, { Properties }] of api.ofType('AWS::ApiGateway::Method')) {
      expect(Properties.AuthorizationType).toBe('CUSTOM');
      for (const [header, value] of Object.entries(Properties.Integration.RequestParameters)) {
        expect(header).toMatch(/^integration\.request\.header\.X-One-Login-/);
        expect(value).toMatch(/^context\.authorizer\.(sub|vot|identity_outcome|identity_vot|email)$/);
      }
    }
  });

  const responses = new Map(
    api
      .ofType('AWS::ApiGateway::GatewayResponse')
      .map(([, { Properties }]) => [Properties.ResponseType, Properties]),
  );
  const templateOf = (type: string, contentType: string, context: Readonly<Record<string, string>> = {}) =>
    Object.entries({ httpMethod: 'GET', ...context }).reduce(
      (text, [name, value]) => text.replaceAll(`$context.${name}`, value),
      String(responses.get(type)?.ResponseTemplates[contentType]),
    );
  const denial = (error: Parameters<typeof describeDenial>[0]) =>
    Object.fromEntries(
      Object.entries(
        describeDenial(error, { level: 'Cl.Cm.P2', publicUrl: 'https://service.example/auth' }),
      ).map(([name, value]) => [`authorizer.${name}`, value]),
    );

  test('answers a program with what is missing and the URL that cures it', () => {
    expect(responses.get('UNAUTHORIZED')).toMatchObject({ StatusCode: '401' });
    expect(JSON.parse(templateOf('UNAUTHORIZED', 'application/json'))).toEqual({
      error: 'login_required',
      login_url: 'https://service.example/auth/login',
    });
    expect(responses.get('ACCESS_DENIED')).toMatchObject({ StatusCode: '403' });
    expect(
      JSON.parse(templateOf('ACCESS_DENIED', 'application/json', denial('insufficient_identity'))),
    ).toEqual({
      error: 'insufficient_identity',
      step_up_url: 'https://service.example/auth/prove-identity',
    });
    expect(JSON.parse(templateOf('ACCESS_DENIED', 'application/json', denial('cross_site_request')))).toEqual(
      { error: 'cross_site_request', step_up_url: '' },
    );
  });

  test('answers a page navigation with a page that has the link', () => {
    const signIn = templateOf('UNAUTHORIZED', 'text/html');
    const proveIdentity = templateOf('ACCESS_DENIED', 'text/html', denial('insufficient_identity'));

    expect(signIn).toContain('<html lang="en"');
    expect(signIn).toContain(' data-method="GET"');
    expect(headingOf({ body: signIn })).toBe('You need to sign in');
    expect(linkOf(signIn, 'Sign in')).toBe('https://service.example/auth/login');
    expect(linkOf(proveIdentity, 'Prove your identity')).toBe('https://service.example/auth/prove-identity');
    expect(proveIdentity).toContain('You need to prove your identity with GOV.UK One Login');
    expect(proveIdentity).toContain('Rod &amp; reel &lt;licences&gt; for &dollar;5');
    for (const page of [signIn, proveIdentity]) expect(page).not.toMatch(/[$#]/);
  });

  test('says the same in Welsh below', () => {
    const signIn = templateOf('UNAUTHORIZED', 'text/html');
    const proveIdentity = templateOf('ACCESS_DENIED', 'text/html', denial('insufficient_identity'));

    for (const page of [signIn, proveIdentity]) expect(page).toMatch(/<section lang="cy" id="cymraeg"/);
    expect(linkOf(signIn, 'Mewngofnodi')).toBe('https://service.example/auth/login?lang=cy');
    expect(linkOf(proveIdentity, 'Profi eich hunaniaeth')).toBe(
      'https://service.example/auth/prove-identity',
    );
    expect(proveIdentity).toContain('Mae angen i chi brofi eich hunaniaeth gyda GOV.UK One Login');
  });

  test('says that it is not known, rather than that nobody is signed in, when the authorizer fails', () => {
    expect(responses.get('AUTHORIZER_FAILURE')).toMatchObject({
      StatusCode: '503',
      ResponseParameters: { 'gatewayresponse.header.Retry-After': "'30'" },
    });
    expect(JSON.parse(templateOf('AUTHORIZER_FAILURE', 'application/json'))).toEqual({
      error: 'temporarily_unavailable',
    });
  });

  test('lets nobody keep these answers', () => {
    expect(responses.size).toBe(3);
    for (const { ResponseParameters } of responses.values()) {
      expect(ResponseParameters).toMatchObject({ 'gatewayresponse.header.Cache-Control': "'no-store'" });
    }
  });

  test('shows nothing of a request but its method, which can be one of seven', () => {
    for (const { ResponseTemplates } of responses.values()) {
      const variables = Object.values(ResponseTemplates).flatMap((text) => [
        ...String(text).matchAll(/\$[\w.]+/g),
      ]);
      for (const [variable] of variables)
        expect(variable).toMatch(/^\$context\.(authorizer\.\w+|httpMethod)$/);
    }
  });

  describe('its page', () => {
    const [, script = ''] =
      /<script>(\s[\s\S]*?)<\/script>/.exec(templateOf('UNAUTHORIZED', 'text/html')) ?? [];
    const leadTo = (method: string, href: string, pathname: string, search: string) => {
      const link = new URL(href);
      const document = {
        body: { dataset: { method } },
        querySelectorAll: () => (link.href.includes('/auth/') ? [link] : []),
      };
      runInNewContext(script, { document, location: { pathname, search }, encodeURIComponent });
      return link.href;
    };

    test('runs its own script, that of the buttons and no other', () => {
      const hash = createHash('sha256').update(script).digest('base64');

      expect(templateOf('UNAUTHORIZED', 'text/html')).toContain(
        `base-uri 'none'; form-action 'none'; script-src ${buttonScriptSource} 'sha256-${hash}'"`,
      );
    });

    test('leads back to itself', () => {
      const url = leadTo('GET', 'https://service.example/auth/login', '/orders/a%20b', '?page=2&x="<');

      expect(url).toBe(
        'https://service.example/auth/login?return_to=%2Forders%2Fa%2520b%3Fpage%3D2%26x%3D%22%3C',
      );
    });

    test('leads back to itself in the language of the link', () => {
      const url = leadTo('GET', 'https://service.example/auth/login?lang=cy', '/orders', '');

      expect(url).toBe('https://service.example/auth/login?lang=cy&return_to=%2Forders');
    });

    test('leads to the default page after a form was sent, which can not be sent again', () => {
      expect(leadTo('POST', 'https://service.example/auth/login', '/orders', '')).toBe(
        'https://service.example/auth/login',
      );
    });
  });
});

describe("a service's own HTTP API", () => {
  const api = synthesiseStack(
    (app) =>
      new OrdersHttpApi(app, 'Orders', {
        deployment: 'licences',
        application: 'https://application.internal',
      }),
  );

  test('takes policies, and never caches what the function says', () => {
    const [, { Properties }] = api.one('AWS::ApiGatewayV2::Authorizer');

    expect(Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '1.0',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: [],
    });
    expect(Properties.EnableSimpleResponses ?? false).toBe(false);
  });

  test('overwrites the headers of the caller, and keeps the session from the application', () => {
    const [, { Properties }] = api.one('AWS::ApiGatewayV2::Integration');

    expect(Properties.RequestParameters).toEqual({
      'overwrite:header.x-one-login-sub': '$context.authorizer.sub',
      'overwrite:header.x-one-login-vot': '$context.authorizer.vot',
      'overwrite:header.x-one-login-email': '$context.authorizer.email',
      'remove:header.cookie': '',
    });
  });
});

describe('without the AWS CDK', () => {
  const api = synthesiseStack((app) => {
    const stack = new Stack(app, 'Orders');
    new CfnInclude(stack, 'Template', {
      templateFile: fileURLToPath(new URL('../../examples/cloudformation/orders-api.yaml', import.meta.url)),
    });
    return stack;
  });

  test('the template never caches what the function says', () => {
    const [, { Properties }] = api.one('AWS::ApiGateway::Authorizer');

    expect(Properties).toMatchObject({
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.Cookie',
    });
  });

  test('the template says what the CDK construct says to programs', () => {
    const templates = api
      .ofType('AWS::ApiGateway::GatewayResponse')
      .map(([, { Properties }]) => [
        Properties.ResponseType,
        Properties.ResponseTemplates['application/json'],
      ]);

    expect(Object.fromEntries(templates)).toEqual({
      UNAUTHORIZED: { 'Fn::Sub': '{"error":"login_required","login_url":"${LoginUrl}"}' },
      ACCESS_DENIED: '{"error":"$context.authorizer.error","step_up_url":"$context.authorizer.step_up_url"}',
    });
  });
});

function synthesiseStack(create: (app: App) => Stack): Template & {
  readonly parameters: Readonly<Record<string, { readonly Type: string; readonly Default: string }>>;
} {
  const app = new App();
  const { artifactId } = create(app);
  const { template: json } = app.synth().getStackArtifact(artifactId);
  return Object.assign(new Template(JSON.stringify(json)), { parameters: json.Parameters });
}
