import { describe, expect, it } from '@jest/globals';
import {
  buildTestConfig,
  findResource,
  listResources,
  readOutput,
  readVariables,
  synthesise,
} from './synthesise.ts';

const name = 'apply-for-a-licence.service.gov.uk';
const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'service.gov.uk' };
const certificateArn = 'arn:aws:acm:eu-west-2:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000';

const synthesiseDomain = (domain: object) =>
  synthesise(buildTestConfig('integration.example', { publicUrl: undefined, domain: { name, ...domain } }));
const withZone = synthesiseDomain({ hostedZone });
const withCertificate = synthesiseDomain({ certificateArn });
const withBoth = synthesiseDomain({ hostedZone, certificateArn });
const without = synthesise(buildTestConfig('integration.example'));

const tls = { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09', EndpointAccessMode: 'STRICT' };

describe('the domain', () => {
  // id: domain-tls-version
  it.each([
    ['a hosted zone', withZone],
    ['a certificate', withCertificate],
    ['both', withBoth],
  ])("is the service's host name in the stack's region, with TLS 1.2 or newer, with %s", (_, template) => {
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: name,
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
      ...tls,
    });
  });

  it('maps all paths to the stage, because API Gateway removes a base path', () => {
    expect(findResource(withZone, 'AWS::ApiGateway::BasePathMapping').Properties).toEqual({
      DomainName: { Ref: findResource(withZone, 'AWS::ApiGateway::DomainName').id },
      RestApiId: { Ref: findResource(withZone, 'AWS::ApiGateway::RestApi').id },
      Stage: { Ref: findResource(withZone, 'AWS::ApiGateway::Stage').id },
    });
  });

  // id: domain-closes-api-address
  it("switches the API's own address off", () => {
    withZone.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    without.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: false });
  });

  it('causes a new deployment of the API, without which the address stays on', () => {
    const [before, after] = [without, withZone].map(
      (template) => findResource(template, 'AWS::ApiGateway::Deployment').id,
    );

    expect(after).not.toBe(before);
  });

  it('is the public URL in outputs and functions', () => {
    const publicUrl = `https://${name}/auth`;

    expect(readOutput(withZone, 'PublicUrl')).toBe(publicUrl);
    expect(readOutput(withZone, 'JwksUrl')).toBe(`${publicUrl}/.well-known/jwks.json`);
    expect(readVariables(withZone, 'login')['PUBLIC_URL']).toBe(publicUrl);
  });

  it('does not exist unless the config names it', () => {
    without.resourceCountIs('AWS::ApiGateway::DomainName', 0);
    without.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(readOutput(without, 'ApiUrl')).toBeDefined();
    expect(readOutput(without, 'DomainTarget')).toBeUndefined();
  });
});

describe("the API's own address", () => {
  it.each([
    ['a domain', withZone],
    ['no domain', without],
  ])('requires TLS 1.2 or newer with %s', (_, template) => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', tls);
  });
});

describe("the domain's certificate", () => {
  it('is created and validated in the hosted zone', () => {
    const { id } = findResource(withZone, 'AWS::CertificateManager::Certificate');

    withZone.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: name,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: hostedZone.id }],
    });
    withZone.hasResourceProperties('AWS::ApiGateway::DomainName', { RegionalCertificateArn: { Ref: id } });
  });

  it.each([
    ['without a hosted zone', withCertificate],
    ['with a hosted zone', withBoth],
  ])('is that of the config, %s', (_, template) => {
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ApiGateway::DomainName', { RegionalCertificateArn: certificateArn });
  });
});

describe("the domain's records", () => {
  it.each([
    ['a new certificate', withZone],
    ['a certificate of the config', withBoth],
  ])('are in the hosted zone, for IPv4 and IPv6, with %s', (_, template) => {
    const { id } = findResource(template, 'AWS::ApiGateway::DomainName');
    const records = listResources(template, 'AWS::Route53::RecordSet');

    expect(records.map(({ Properties }) => Properties.Type).sort()).toEqual(['A', 'AAAA']);
    template.allResourcesProperties('AWS::Route53::RecordSet', {
      Name: `${name}.`,
      HostedZoneId: hostedZone.id,
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [id, 'RegionalDomainName'] },
        HostedZoneId: { 'Fn::GetAtt': [id, 'RegionalHostedZoneId'] },
      },
    });
  });

  it('are left to the department without a zone, with an output for their target', () => {
    const { id } = findResource(withCertificate, 'AWS::ApiGateway::DomainName');

    withCertificate.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(withCertificate.toJSON()['Outputs'].DomainTarget).toEqual({
      Description: expect.stringContaining('Point a CNAME or alias record at this'),
      Value: { 'Fn::GetAtt': [id, 'RegionalDomainName'] },
    });
    expect(readOutput(withCertificate, 'ApiUrl')).toBeUndefined();
  });
});
