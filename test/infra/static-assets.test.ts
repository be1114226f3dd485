import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { App, Stack } from 'aws-cdk-lib/core';
import { pageAssets, renderAsset, type StaticAsset } from '../../lib/pages/static-assets/static-asset.ts';
import { StaticAssets } from '../../lib/pages/static-assets/static-assets.ts';
import { configOf, listOf, synthesise, Template } from './synthesise.ts';

const template = synthesise(configOf('production.example'));
const methods = new Map([...template.routes].filter(([route]) => route.startsWith('GET /auth/assets/')));

describe('static assets', () => {
  test('each have a route of their own, and there is no other', () => {
    expect(new Set(methods.keys())).toEqual(
      new Set(pageAssets.map((name) => `GET /auth/${renderAsset(name).path}`)),
    );
  });

  test('come from the bucket of the CDK, without a function', () => {
    for (const { Properties } of methods.values()) {
      expect(Properties.Integration).toMatchObject({ Type: 'AWS', IntegrationHttpMethod: 'GET' });
      expect(JSON.stringify(Properties.Integration.Uri)).toMatch(
        /:s3:path\/.*-assets-.*\/[0-9a-f]{64}\.(css|svg|ico|png|woff2)"/,
      );
    }
  });

  test('are cached for ever, since another content has another path, and are of the type that they are', () => {
    for (const [route, { Properties }] of methods) {
      const { contentType } = renderAsset(nameOf(route));
      const [response, ...others] = Properties.Integration.IntegrationResponses;

      expect(others).toEqual([]);
      expect(response.ResponseParameters).toEqual({
        'method.response.header.Content-Type': `'${contentType}'`,
        'method.response.header.Cache-Control': "'public, max-age=31536000, immutable'",
        'method.response.header.X-Content-Type-Options': "'nosniff'",
        'method.response.header.Cross-Origin-Resource-Policy': "'same-origin'",
        'method.response.header.Strict-Transport-Security': "'max-age=63072000'",
      });
      expect(Properties.Integration.RequestParameters).toEqual({
        'integration.request.querystring.response-content-type': `'${contentType}'`,
      });
    }
  });

  test('let nothing of what S3 says through but the file: its errors would name the bucket', () => {
    for (const { Properties } of methods.values())
      expect(Properties.Integration.IntegrationResponses[0].SelectionPattern).toBe('200');
  });

  test('reach browsers as bytes or as text, whatever they accept', () => {
    const [, api] = template.one('AWS::ApiGateway::RestApi');
    const binary: readonly string[] = api.Properties.BinaryMediaTypes;

    expect(binary).toEqual(['font/woff2', 'image/png', 'image/x-icon']);
    for (const [route, { Properties }] of methods) {
      const isBinary = binary.includes(renderAsset(nameOf(route)).contentType);
      expect(Properties.Integration.IntegrationResponses[0].ContentHandling).toBe(
        isBinary ? 'CONVERT_TO_BINARY' : 'CONVERT_TO_TEXT',
      );
    }
  });

  test('can be read by the API, which may read nothing else', () => {
    const [id, role] = template.one('AWS::IAM::Role', 'StaticAssets');
    const statements = template.statements
      .filter(([owner]) => owner === id)
      .map(([, statement]) => statement);
    const granted = statements.flatMap(({ Resource }) => listOf(Resource)).map(objectIn);
    const served = [...methods.values()].map(({ Properties }) => objectIn(Properties.Integration.Uri));

    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' } },
    ]);
    expect(statements.map(({ Effect, Action }) => [Effect, Action])).toEqual([['Allow', 's3:GetObject']]);
    expect(granted.sort()).toEqual(served.sort());
    expect(granted.join()).not.toContain('*');
    for (const { Properties } of methods.values())
      expect(Properties.Integration.Credentials).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  });

  test('are compressed, and answers with secrets of a user are not: they are never so long', () => {
    const [, api] = template.one('AWS::ApiGateway::RestApi');

    expect(api.Properties.MinimumCompressionSize).toBe(32 * 1024);
    expect(renderAsset('govuk.css').content.length).toBeGreaterThan(32 * 1024);
  });

  test('have the API deployed anew when one changes', () => {
    const [before, same, after] = ['a{color:red}', 'a{color:red}', 'a{color:blue}'].map((css) =>
      deploymentWith({
        name: 'govuk.css',
        path: 'assets/a.css',
        contentType: 'text/css',
        content: Buffer.from(css),
      }),
    );

    expect(same).toBe(before);
    expect(after).not.toBe(before);
  });
});

/** The logical id of the deployment of an API that serves one file. */
function deploymentWith(file: StaticAsset): string {
  const outdir = mkdtempSync(join(tmpdir(), 'one-login-synth-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const stack = new Stack(app, 'stack');
    const api = new RestApi(stack, 'Api');
    new StaticAssets(stack, 'StaticAssets', { resource: api.root, files: [file] });
    app.synth();
    return new Template(readFileSync(join(outdir, 'stack.template.json'), 'utf8')).one(
      'AWS::ApiGateway::Deployment',
    )[0];
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function nameOf(route: string): (typeof pageAssets)[number] {
  const name = pageAssets.find((each) => `GET /auth/${renderAsset(each).path}` === route);
  if (name === undefined) throw new Error(`${route} is the route of no asset`);
  return name;
}

function objectIn(value: unknown): string {
  return /[0-9a-f]{64}\.\w+/.exec(JSON.stringify(value))?.[0] ?? '';
}
