import { describe, expect, it } from '@jest/globals';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Stack } from 'aws-cdk-lib/core';
import { renderServiceAssets } from '../../lib/pages/static-assets/session-timeout.ts';
import { pageAssets, renderAsset, type StaticAsset } from '../../lib/pages/static-assets/static-asset.ts';
import { StaticAssets } from '../../lib/pages/static-assets/static-assets.ts';
import {
  buildTestConfig,
  findResource,
  listStatements,
  readRoutes,
  synthesise,
  synthesiseStack,
  toList,
} from './synthesise.ts';

const config = buildTestConfig('production.example');
const template = synthesise(config);
const methods = new Map([...readRoutes(template)].filter(([route]) => route.startsWith('GET /auth/assets/')));
const assets = [...pageAssets.map(renderAsset), ...renderServiceAssets(config)].map((asset) => ({
  name: asset.name,
  asset,
  integration: methods.get(`GET /auth/${asset.path}`)?.Properties.Integration,
}));

describe('static assets', () => {
  it('have a route each, and there are no others', () => {
    expect(new Set(methods.keys())).toEqual(new Set(assets.map(({ asset }) => `GET /auth/${asset.path}`)));
  });

  it.each(assets)(
    "come from the CDK's bucket with their type, cached as long as their path allows, without S3's errors: $name",
    ({ asset: { contentType, isHashed }, integration }) => {
      expect(integration).toMatchObject({
        Type: 'AWS',
        IntegrationHttpMethod: 'GET',
        RequestParameters: {
          'integration.request.querystring.response-content-type': `'${contentType}'`,
        },
      });
      expect(JSON.stringify(integration.Uri)).toMatch(
        /:s3:path\/.*-assets-.*\/[0-9a-f]{64}\.(css|svg|ico|js|png|woff2)"/,
      );
      expect(integration.IntegrationResponses).toEqual([
        expect.objectContaining({
          // S3's errors contain the name of the bucket.
          SelectionPattern: '200',
          ContentHandling: /^(font|image\/(png|x-icon))/.test(contentType)
            ? 'CONVERT_TO_BINARY'
            : 'CONVERT_TO_TEXT',
          ResponseParameters: {
            'method.response.header.Content-Type': `'${contentType}'`,
            'method.response.header.Cache-Control': isHashed
              ? "'public, max-age=31536000, immutable'"
              : "'public, max-age=300'",
            'method.response.header.X-Content-Type-Options': "'nosniff'",
            'method.response.header.Cross-Origin-Resource-Policy': "'same-origin'",
            'method.response.header.Strict-Transport-Security': "'max-age=63072000'",
          },
        }),
      ]);
    },
  );

  it('are binary only if they are fonts or bitmaps', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      BinaryMediaTypes: ['font/woff2', 'image/png', 'image/x-icon'],
    });
  });

  it('are the only objects that the API can read', () => {
    const role = findResource(template, 'AWS::IAM::Role', 'StaticAssets');
    const statements = listStatements(role);
    const readObject = (value: unknown) => /[0-9a-f]{64}\.\w+/.exec(JSON.stringify(value))?.[0] ?? '';
    const granted = statements.flatMap(({ Resource }) => toList(Resource)).map(readObject);
    const served = assets.map(({ integration }) => readObject(integration.Uri));

    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' } },
    ]);
    expect(statements.map(({ Effect, Action }) => [Effect, Action])).toEqual([['Allow', 's3:GetObject']]);
    expect(granted.sort()).toEqual(served.sort());
    expect(JSON.stringify(statements)).not.toContain('*');
    for (const { integration } of assets)
      expect(integration.Credentials).toEqual({ 'Fn::GetAtt': [role.id, 'Arn'] });
  });

  it("are compressed, unlike responses with users' secrets, which are shorter", () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { MinimumCompressionSize: 32 * 1024 });
    expect(renderAsset('govuk.css').content.length).toBeGreaterThan(32 * 1024);
  });

  it('cause a new deployment of the API when one changes', () => {
    const [before, same, after] = ['a{color:red}', 'a{color:red}', 'a{color:blue}'].map((css) =>
      synthesiseDeploymentId({
        name: 'govuk.css',
        path: 'assets/a.css',
        isHashed: false,
        contentType: 'text/css',
        content: Buffer.from(css),
      }),
    );

    expect(same).toBe(before);
    expect(after).not.toBe(before);
  });
});

/** @returns the logical id of the deployment of an API with one asset */
function synthesiseDeploymentId(file: StaticAsset): string {
  const api = synthesiseStack((app) => {
    const stack = new Stack(app, 'stack');
    new StaticAssets(stack, 'StaticAssets', { resource: new RestApi(stack, 'Api').root, files: [file] });
    return stack;
  });
  return findResource(api, 'AWS::ApiGateway::Deployment').id;
}
