import {
  CfnDomainName,
  DomainName,
  EndpointAccessMode,
  EndpointType,
  IpAddressType,
  type RestApi,
  SecurityPolicy,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { DomainConfig } from '../config/deployment-config.ts';

/** TLS 1.2 and 1.3 with forward secrecy, and post-quantum key exchange with clients that support it. */
export const securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;

export interface DomainProps {
  readonly domain: DomainConfig;
  readonly api: RestApi;
  readonly stage: Stage;
}

/**
 * The service's host name, with all its paths mapped to the API. A mapping for `/auth` alone would not work: API Gateway
 * removes the mapped base path, and `/auth` is part of the API's paths. Other APIs of the service can have mappings of
 * their own, see docs/decisions/0035-one-host-name.md.
 */
export class Domain extends Construct {
  /** The target for DNS records of the host name. */
  readonly target: string;
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { domain, api, stage }: DomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZone } = domain;
    const zone =
      hostedZone &&
      HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: hostedZone.id,
        zoneName: hostedZone.name,
      });
    const certificate = this.#certificate(name, certificateArn, zone);
    this.certificateArn = certificate.certificateArn;
    const domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy,
      endpointAccessMode: EndpointAccessMode.STRICT,
    });
    allowIpv6(domainName);
    domainName.addBasePathMapping(api, { stage });
    this.target = domainName.domainNameAliasDomainName;
    if (zone === undefined) return;
    const target = RecordTarget.fromAlias(new ApiGatewayDomain(domainName));
    // The dot at the end keeps the CDK from adding the zone's name.
    const record = { zone, recordName: `${name}.`, target };
    new ARecord(this, 'A', record);
    new AaaaRecord(this, 'Aaaa', record);
  }

  #certificate(name: string, arn: string | undefined, zone: IHostedZone | undefined): ICertificate {
    if (arn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', arn);
    if (zone === undefined) throw new Error('The domain has neither a certificate nor a hosted zone');
    return new Certificate(this, 'Certificate', {
      domainName: name,
      // Keeps the name in stacks that were deployed before this construct had a parent with the id `Default`.
      certificateName: `${this.node.path}/Certificate`.replace('/Default/', '/'),
      validation: CertificateValidation.fromDns(zone),
    });
  }
}

/** Without this an AAAA record has no addresses. The CDK construct has no property for it yet. */
function allowIpv6({ node: { defaultChild } }: DomainName): void {
  if (!(defaultChild instanceof CfnDomainName))
    throw new Error('The default child of DomainName is not a CfnDomainName');
  defaultChild.endpointConfiguration = {
    types: [EndpointType.REGIONAL],
    ipAddressType: IpAddressType.DUAL_STACK,
  };
}
