import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { SecretValue, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface ServiceDistributionProps extends StackProps {
  /** The service's host name, which `publicUrl` in the config begins with. */
  readonly hostName: string;
  /** A certificate for it in us-east-1, where CloudFront requires it. */
  readonly certificateArn: string;
  /** Where the service itself is. */
  readonly serviceHost: string;
  /** The host of the output `ApiUrl`. */
  readonly apiHost: string;
  /** The output `OriginSecret<name>`. This stack must be in its region. */
  readonly originSecretArn: string;
}

/** The service's distribution: `/auth/*` leads to the API, everything else to the service. */
export class ServiceDistribution extends Stack {
  constructor(scope: Construct, id: string, props: ServiceDistributionProps) {
    const { hostName, certificateArn, serviceHost, apiHost, originSecretArn, ...stackProps } = props;
    super(scope, id, stackProps);
    const api = new HttpOrigin(apiHost, {
      originPath: '/live',
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      customHeaders: {
        // A reference, which CloudFormation resolves: no template and no file has the value.
        'X-Origin-Verify': SecretValue.secretsManager(originSecretArn).unsafeUnwrap(),
      },
    });
    new Distribution(this, 'Distribution', {
      domainNames: [hostName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: {
        origin: new HttpOrigin(serviceHost, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      },
      additionalBehaviors: {
        // Before the next one, which it is a part of.
        '/auth/assets/*': this.#assets(api),
        '/auth/*': this.#signIn(api),
      },
    });
  }

  /** Nothing is cached, and everything that a browser sends is passed on, but the name of this host. */
  #signIn(api: IOrigin): BehaviorOptions {
    const viewerAddress = new EdgeFunction(this, 'ViewerAddress', {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(`function handler(event) {
  var request = event.request;
  request.headers['true-client-ip'] = { value: event.viewer.ip };
  return request;
}`),
    });
    return {
      origin: api,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: viewerAddress }],
    };
  }

  /** The same for everybody, and under another path as soon as anything changes in them. */
  #assets(api: IOrigin): BehaviorOptions {
    return {
      origin: api,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    };
  }
}
