import { describe, expect, test } from '@jest/globals';
import { configOf, synthesise } from './synthesise.ts';

const name = 'apply-for-a-licence.service.gov.uk';
const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'service.gov.uk' };
const certificateArn = 'arn:aws:acm:eu-west-2:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000';

const withDomain = (domain: object) =>
  synthesise(configOf('integration.example', { publicUrl: undefined, domain: { name, ...domain } }));
const withZone = withDomain({ hostedZone });
const withCertificate = withDomain({ certificateArn });
const both = withDomain({ hostedZone, certificateArn });
const without = synthesise(configOf('integration.example'));

describe('a domain', () => {
  test.each([
    ['a hosted zone', withZone],
    ['a certificate', withCertificate],
    ['both', both],
  ])("is the service's host name, in the region of the stack, with %s", (_, template) => {
    const [, { Properties }] = template.one('AWS::ApiGateway::DomainName');

    expect(Properties).toMatchObject({
      DomainName: name,
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
    });
  });

  test('leads all paths to the stage, since API Gateway takes away what a base path names', () => {
    const [, { Properties }] = withZone.one('AWS::ApiGateway::BasePathMapping');

    expect(Properties).toEqual({
      DomainName: { Ref: withZone.one('AWS::ApiGateway::DomainName')[0] },
      RestApiId: { Ref: withZone.one('AWS::ApiGateway::RestApi')[0] },
      Stage: { Ref: withZone.one('AWS::ApiGateway::Stage')[0] },
    });
  });

  test("switches the API's own address off", () => {
    expect(withZone.one('AWS::ApiGateway::RestApi')[1].Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(without.one('AWS::ApiGateway::RestApi')[1].Properties.DisableExecuteApiEndpoint).toBe(false);
  });

  test('is deployed with the API, which follows no change of its address otherwise', () => {
    const deploymentOf = (template: typeof without) => template.one('AWS::ApiGateway::Deployment')[0];

    expect(deploymentOf(withZone)).not.toBe(deploymentOf(without));
  });

  test('is what functions and outputs call the public URL', () => {
    const publicUrl = `https://${name}/auth`;

    expect(withZone.json.Outputs['PublicUrl']?.Value).toBe(publicUrl);
    expect(withZone.json.Outputs['JwksUrl']?.Value).toBe(`${publicUrl}/.well-known/jwks.json`);
    expect(withZone.function('login').function.Properties.Environment.Variables.PUBLIC_URL).toBe(publicUrl);
  });

  test('is not there unless the config names it', () => {
    for (const type of ['AWS::ApiGateway::DomainName', 'AWS::Route53::RecordSet']) {
      expect(without.ofType(type)).toEqual([]);
    }
    expect(Object.keys(without.json.Outputs)).toContain('ApiUrl');
    expect(Object.keys(without.json.Outputs)).not.toContain('DomainTarget');
  });
});

describe('its certificate', () => {
  test('is made, and validated in the hosted zone', () => {
    const [id, { Properties }] = withZone.one('AWS::CertificateManager::Certificate');

    expect(Properties).toMatchObject({
      DomainName: name,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: hostedZone.id }],
    });
    expect(withZone.one('AWS::ApiGateway::DomainName')[1].Properties.RegionalCertificateArn).toEqual({
      Ref: id,
    });
  });

  test.each([
    ['without a hosted zone', withCertificate],
    ['with one', both],
  ])('is the one that the config names, %s', (_, template) => {
    expect(template.ofType('AWS::CertificateManager::Certificate')).toEqual([]);
    expect(template.one('AWS::ApiGateway::DomainName')[1].Properties.RegionalCertificateArn).toBe(
      certificateArn,
    );
  });
});

describe('its records', () => {
  test.each([
    ['a made certificate', withZone],
    ['a certificate of the config', both],
  ])('are made in the hosted zone, for IPv4 and IPv6, with %s', (_, template) => {
    const [domain] = template.one('AWS::ApiGateway::DomainName');
    const records = template.ofType('AWS::Route53::RecordSet').map(([, { Properties }]) => Properties);

    expect(records.map(({ Type }) => Type).sort()).toEqual(['A', 'AAAA']);
    for (const record of records) {
      expect(record).toMatchObject({
        Name: `${name}.`,
        HostedZoneId: hostedZone.id,
        AliasTarget: {
          DNSName: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] },
          HostedZoneId: { 'Fn::GetAtt': [domain, 'RegionalHostedZoneId'] },
        },
      });
    }
  });

  test('are left to the department without one, and an output says where to point them', () => {
    const [domain] = withCertificate.one('AWS::ApiGateway::DomainName');

    expect(withCertificate.ofType('AWS::Route53::RecordSet')).toEqual([]);
    expect(withCertificate.json.Outputs['DomainTarget']).toEqual({
      Description: expect.stringContaining('Point a CNAME or alias record at this'),
      Value: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] },
    });
    expect(Object.keys(withCertificate.json.Outputs)).not.toContain('ApiUrl');
  });
});

test.each([
  ['the domain', withZone.one('AWS::ApiGateway::DomainName')],
  ["the API's own address, even where there is a domain", withZone.one('AWS::ApiGateway::RestApi')],
  ["the API's own address", without.one('AWS::ApiGateway::RestApi')],
])('nothing older than TLS 1.2 is spoken at %s', (_, [, { Properties }]) => {
  expect(Properties).toMatchObject({
    SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    EndpointAccessMode: 'STRICT',
  });
});
