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

/**
 * TLS 1.2 and 1.3 only, with forward secrecy, and key exchange that holds against quantum computers where the client
 * knows it.
 */
export const securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;

export interface DomainProps {
  readonly domain: DomainConfig;
  readonly api: RestApi;
  readonly stage: Stage;
}

/**
 * The service's host name, leading to the API: its whole path space, since `/auth` is part of the API's own paths and
 * API Gateway takes away what a base path mapping names. Other APIs of the service can be mapped beside it, see
 * docs/decisions/0035-one-host-name.md.
 */
export class Domain extends Construct {
  /** What a record of the host name has to point at, unless there are records already. */
  readonly target: string;

  constructor(scope: Construct, id: string, { domain, api, stage }: DomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZone } = domain;
    const zone =
      hostedZone &&
      HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: hostedZone.id,
        zoneName: hostedZone.name,
      });
    const domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: this.#certificate(name, certificateArn, zone),
      endpointType: EndpointType.REGIONAL,
      securityPolicy,
      endpointAccessMode: EndpointAccessMode.STRICT,
    });
    allowIpv6(domainName);
    domainName.addBasePathMapping(api, { stage });
    this.target = domainName.domainNameAliasDomainName;
    if (zone === undefined) return;
    const target = RecordTarget.fromAlias(new ApiGatewayDomain(domainName));
    // With the dot, the zone's name is not added once more.
    for (const [type, Record] of [
      ['A', ARecord],
      ['Aaaa', AaaaRecord],
    ] as const) {
      new Record(this, type, { zone, recordName: `${name}.`, target });
    }
  }

  #certificate(name: string, arn: string | undefined, zone: IHostedZone | undefined): ICertificate {
    if (arn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', arn);
    if (zone === undefined) throw new Error('the config was validated: there is a certificate or a zone');
    return new Certificate(this, 'Certificate', {
      domainName: name,
      // As in stacks that were deployed before this construct had a parent with the id `Default`.
      certificateName: `${this.node.path}/Certificate`.replace('/Default/', '/'),
      validation: CertificateValidation.fromDns(zone),
    });
  }
}

/** The construct has no property for it yet. Without it an AAAA record has no addresses. */
function allowIpv6({ node: { defaultChild } }: DomainName): void {
  if (!(defaultChild instanceof CfnDomainName)) throw new Error('the construct makes a domain name');
  defaultChild.endpointConfiguration = {
    types: [EndpointType.REGIONAL],
    ipAddressType: IpAddressType.DUAL_STACK,
  };
}
