/** Deployments that share a host behind CloudFront, see docs/several-services-on-one-host.md. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Stack } from 'aws-cdk-lib/core';
import { addDeployment } from '../../examples/cdk/shared-host.ts';
import { originHeaders } from '../../lib/edge/origin-secrets.ts';
import { buildFullConfig } from './everything-on.ts';
import { findResource, listResources, synthesise, synthesiseStack } from './synthesise.ts';
import { evaluateRequest, secretValue } from './web-acl.ts';

const template = synthesiseStack((app) => {
  const stack = new Stack(app, 'SharedHost');
  const distribution = new Distribution(stack, 'Distribution', {
    defaultBehavior: { origin: new HttpOrigin('app.internal.example') },
  });
  for (const path of ['/licences', '/permits/new']) {
    addDeployment(distribution, path, new HttpOrigin('a.example', { originPath: '/live', originId: path }));
  }
  return stack;
});
const { CacheBehaviors: behaviors } = findResource(template, 'AWS::CloudFront::Distribution').Properties
  .DistributionConfig;
const functions = listResources(template, 'AWS::CloudFront::Function');

/** Calls the function of a behavior. @returns the request that the API gets */
function forward(behavior: (typeof behaviors)[number], uri: string) {
  const [{ FunctionARN, EventType }] = behavior.FunctionAssociations;
  const [id] = FunctionARN['Fn::GetAtt'];
  const { FunctionCode } = functions.find((each) => each.id === id)?.Properties ?? {};
  expect(EventType).toBe('viewer-request');
  const request = {
    uri,
    querystring: { code: { value: 'x' } },
    headers: { 'true-client-ip': { value: '203.0.113.9' }, cookie: { value: 'a=b' } },
  };
  const forwarded = runInNewContext(`${FunctionCode}; handler(event)`, {
    event: { viewer: { ip: '192.0.2.1' }, request },
  });
  return JSON.parse(JSON.stringify(forwarded));
}

describe('the behaviors of deployments on a shared host', () => {
  it('lead each path to its own API, assets first', () => {
    expect(
      behaviors.map((each: Record<string, string>) => [each['PathPattern'], each['TargetOriginId']]),
    ).toEqual([
      ['/licences/auth/assets/*', '/licences'],
      ['/licences/auth/*', '/licences'],
      ['/permits/new/auth/assets/*', '/permits/new'],
      ['/permits/new/auth/*', '/permits/new'],
    ]);
  });

  it.each<[number, string, string]>([
    [0, '/licences/auth/assets/govuk.css', '/auth/assets/govuk.css'],
    [1, '/licences/auth/login', '/auth/login'],
    [1, '/licences/auth/.well-known/jwks.json', '/auth/.well-known/jwks.json'],
    [1, '/licences/auth/licences/auth/x', '/auth/licences/auth/x'],
    [3, '/permits/new/auth/callback', '/auth/callback'],
    // Written in another way, it leads to no route.
    [1, '/%6Cicences/auth/login', '/%6Cicences/auth/login'],
    [1, '/x/../licences/auth/login', '/x/../licences/auth/login'],
  ])('only take the path of the host off (%i %s)', (index, uri, expected) => {
    expect(forward(behaviors[index], uri)).toEqual({
      uri: expected,
      querystring: { code: { value: 'x' } },
      headers: { 'true-client-ip': { value: '192.0.2.1' }, cookie: { value: 'a=b' } },
    });
  });

  it("send requests that the API's firewall accepts and counts for the viewer's address", () => {
    const { uri, headers } = forward(behaviors[1], '/licences/auth/login');
    const config = buildFullConfig('withCloudFront');
    const verdict = evaluateRequest(
      synthesise({ ...config, publicUrl: 'https://services.example.gov.uk/licences/auth' }),
      {
        path: `/live${uri}`,
        headers: {
          'x-origin-verify': secretValue('first'),
          [originHeaders.viewerAddress]: headers['true-client-ip'].value,
        },
      },
    );
    expect(verdict).not.toHaveProperty('refusedBy');
    expect(verdict.countedBy).toEqual({ TooManySignIns: '192.0.2.1' });
  });
});
