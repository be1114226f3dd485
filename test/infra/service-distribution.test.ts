/** The distribution in front of the API, as docs/behind-cloudfront.md has it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib/core';
import { ServiceDistribution } from '../../examples/cdk/service-distribution.ts';
import { originHeaders } from '../../lib/edge/origin-secrets.ts';
import { configWithEverything } from './everything-on.ts';
import { synthesise, Template } from './synthesise.ts';
import { judge, secretValue } from './web-acl.ts';

const originSecretArn = 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:OriginSecretsfirst-AbCdEf';
const template = synthesiseDistribution();
const [, { Properties }] = template.one('AWS::CloudFront::Distribution');
const { CacheBehaviors: behaviors, Origins: origins, DefaultCacheBehavior } = Properties.DistributionConfig;
const behaviorOf = (path: string) =>
  behaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
const originOf = ({ TargetOriginId: id }: { TargetOriginId: string }) =>
  origins.find(({ Id }: { Id: string }) => Id === id);

/** AWS's own policies, which have the same ids everywhere. */
const policies = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewerExceptHostHeader: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};

describe('sign-in, through CloudFront', () => {
  const behavior = behaviorOf('/auth/*');

  test('takes every method, caches nothing and passes on everything but the host', () => {
    expect(behavior.AllowedMethods).toContain('POST');
    expect(behavior).toMatchObject({
      CachePolicyId: policies.cachingDisabled,
      OriginRequestPolicyId: policies.allViewerExceptHostHeader,
      ViewerProtocolPolicy: 'https-only',
    });
  });

  test('leads to the stage of the API, by TLS, with a secret that is in no template', () => {
    expect(originOf(behavior)).toMatchObject({
      DomainName: 'a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com',
      OriginPath: '/live',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      OriginCustomHeaders: [
        {
          HeaderName: 'X-Origin-Verify',
          HeaderValue: `{{resolve:secretsmanager:${originSecretArn}:SecretString:::}}`,
        },
      ],
    });
  });

  test('says the address of whoever asks, in place of whatever they say', () => {
    const [, { Properties: edge }] = template.one('AWS::CloudFront::Function');
    const request = { headers: { 'true-client-ip': { value: '203.0.113.9' }, cookie: { value: 'a=b' } } };
    const passedOn = runInNewContext(`${edge.FunctionCode}; handler(event)`, {
      event: { viewer: { ip: '192.0.2.1' }, request },
    });

    expect(behavior.FunctionAssociations).toEqual([expect.objectContaining({ EventType: 'viewer-request' })]);
    expect(JSON.parse(JSON.stringify(passedOn.headers))).toEqual({
      cookie: { value: 'a=b' },
      'true-client-ip': { value: '192.0.2.1' },
    });
  });

  test("is what the API's firewall lets through, and counts for that address", () => {
    const headers = Object.fromEntries([
      ...originOf(behavior).OriginCustomHeaders.map(({ HeaderName }: { HeaderName: string }) => [
        HeaderName.toLowerCase(),
        secretValue('first'),
      ]),
      [originHeaders.viewerAddress, '192.0.2.1'],
    ]);
    const verdict = judge(synthesise(configWithEverything('withCloudFront')), {
      path: `${originOf(behavior).OriginPath}/auth/login`,
      headers,
    });

    expect(verdict).not.toHaveProperty('refusedBy');
    expect(verdict.countedBy).toEqual({ TooManySignIns: '192.0.2.1' });
  });
});

test('assets are cached, from the same origin, and get no cookies', () => {
  const behavior = behaviorOf('/auth/assets/*');

  expect(behavior).toMatchObject({ CachePolicyId: policies.cachingOptimized });
  expect(behavior.OriginRequestPolicyId).toBeUndefined();
  expect(originOf(behavior)).toEqual(originOf(behaviorOf('/auth/*')));
  // The first that fits is taken.
  expect(behaviors[0]).toBe(behavior);
});

test('everything else leads to the service, which never sees the secret', () => {
  expect(originOf(DefaultCacheBehavior)).toMatchObject({ DomainName: 'app.internal.example' });
  expect(originOf(DefaultCacheBehavior).OriginCustomHeaders).toBeUndefined();
});

test('nothing older than TLS 1.2 is spoken to browsers', () => {
  expect(Properties.DistributionConfig.ViewerCertificate.MinimumProtocolVersion).toBe('TLSv1.2_2021');
});

function synthesiseDistribution(): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'one-login-distribution-'));
  try {
    const app = new App({ outdir });
    new ServiceDistribution(app, 'Service', {
      env: { region: 'eu-west-2' },
      hostName: 'apply-for-a-licence.service.gov.uk',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000',
      serviceHost: 'app.internal.example',
      apiHost: 'a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com',
      originSecretArn,
    });
    app.synth();
    return new Template(readFileSync(join(outdir, 'Service.template.json'), 'utf8'));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
