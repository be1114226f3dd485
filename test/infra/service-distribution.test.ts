/** The distribution in front of the API, see docs/behind-cloudfront.md. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { ServiceDistribution } from '../../examples/cdk/service-distribution.ts';
import { originHeaders } from '../../lib/edge/origin-secrets.ts';
import { buildFullConfig } from './everything-on.ts';
import { findResource, synthesise, synthesiseStack } from './synthesise.ts';
import { evaluateRequest, secretValue } from './web-acl.ts';

const originSecretArn = 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:OriginSecretsfirst-AbCdEf';
const template = synthesiseStack(
  (app) =>
    new ServiceDistribution(app, 'Service', {
      env: { region: 'eu-west-2' },
      hostName: 'apply-for-a-licence.service.gov.uk',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000',
      serviceHost: 'app.internal.example',
      apiHost: 'a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com',
      originSecretArn,
    }),
);
const { DistributionConfig } = findResource(template, 'AWS::CloudFront::Distribution').Properties;
const { CacheBehaviors: behaviors, Origins: origins, DefaultCacheBehavior } = DistributionConfig;
const findBehavior = (path: string) =>
  behaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
const findOrigin = ({ TargetOriginId: id }: { TargetOriginId: string }) =>
  origins.find(({ Id }: { Id: string }) => Id === id);

/** The ids of AWS's own policies, which are the same everywhere. */
const policies = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewerExceptHostHeader: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};

describe("the distribution's behavior for sign-in", () => {
  const behavior = findBehavior('/auth/*');
  const origin = findOrigin(behavior);

  it('allows every method, caches nothing and forwards everything except the host', () => {
    expect(behavior.AllowedMethods).toContain('POST');
    expect(behavior).toMatchObject({
      CachePolicyId: policies.cachingDisabled,
      OriginRequestPolicyId: policies.allViewerExceptHostHeader,
      ViewerProtocolPolicy: 'https-only',
    });
  });

  it('has the stage of the API as its origin, over TLS, with a secret that is in no template', () => {
    expect(origin).toMatchObject({
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

  it("replaces the header with the viewer's address that a browser sent", () => {
    const { FunctionCode } = findResource(template, 'AWS::CloudFront::Function').Properties;
    const request = { headers: { 'true-client-ip': { value: '203.0.113.9' }, cookie: { value: 'a=b' } } };
    const forwarded = runInNewContext(`${FunctionCode}; handler(event)`, {
      event: { viewer: { ip: '192.0.2.1' }, request },
    });

    expect(behavior.FunctionAssociations).toEqual([expect.objectContaining({ EventType: 'viewer-request' })]);
    expect(JSON.parse(JSON.stringify(forwarded.headers))).toEqual({
      cookie: { value: 'a=b' },
      'true-client-ip': { value: '192.0.2.1' },
    });
  });

  it("sends requests that the API's firewall accepts and counts for the viewer's address", () => {
    const [{ HeaderName: secretHeader }] = origin.OriginCustomHeaders;
    const verdict = evaluateRequest(synthesise(buildFullConfig('withCloudFront')), {
      path: `${origin.OriginPath}/auth/login`,
      headers: {
        [secretHeader.toLowerCase()]: secretValue('first'),
        [originHeaders.viewerAddress]: '192.0.2.1',
      },
    });

    expect(verdict).not.toHaveProperty('refusedBy');
    expect(verdict.countedBy).toEqual({ TooManySignIns: '192.0.2.1' });
  });
});

describe('the distribution', () => {
  it('caches assets from the same origin without cookies', () => {
    const behavior = findBehavior('/auth/assets/*');

    expect(behavior).toMatchObject({ CachePolicyId: policies.cachingOptimized });
    expect(behavior.OriginRequestPolicyId).toBeUndefined();
    expect(findOrigin(behavior)).toEqual(findOrigin(findBehavior('/auth/*')));
    // CloudFront uses the first behavior that matches.
    expect(behaviors[0]).toBe(behavior);
  });

  it('forwards everything else to the service, without the secret', () => {
    expect(findOrigin(DefaultCacheBehavior)).toMatchObject({ DomainName: 'app.internal.example' });
    expect(findOrigin(DefaultCacheBehavior).OriginCustomHeaders).toBeUndefined();
  });

  it('requires TLS 1.2 or newer', () => {
    expect(DistributionConfig.ViewerCertificate.MinimumProtocolVersion).toBe('TLSv1.2_2021');
  });
});
