import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ProviderEndpoints } from '../config/deployment-config.ts';

export interface ProviderDocumentRefreshProps {
  readonly provider: ProviderEndpoints;
  /** Fetches the discovery document and the JWKS when they are due. It is also a custom resource. */
  readonly refreshJwks: IFunction;
  /** The same for the DID document. Undefined when the service proves no identities. */
  readonly refreshDid: IFunction | undefined;
}

/**
 * Keeps the copies of One Login's documents fresh. A schedule checks every five minutes whether a document is due. Custom
 * resources fetch the documents in the first deployment and whenever the provider changes, because users cannot sign in
 * without them. With wrong addresses the deployment fails.
 */
export class ProviderDocumentRefresh extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { provider, refreshJwks, refreshDid }: ProviderDocumentRefreshProps,
  ) {
    super(scope, id);
    const { issuer, discoveryUrl, didId, didUrl } = provider;
    this.#keepFresh('Jwks', refreshJwks, { Issuer: issuer, DiscoveryUrl: discoveryUrl });
    if (refreshDid !== undefined) {
      this.#keepFresh('Did', refreshDid, { Did: didId, DidDocumentUrl: didUrl });
    }
  }

  /** @param properties CloudFormation calls the function when one of them changes */
  #keepFresh(document: string, refresh: IFunction, properties: Readonly<Record<string, string>>): void {
    new Rule(this, `${document}Schedule`, {
      description: 'Fetches the documents of GOV.UK One Login when they are due',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(refresh)],
    });
    new CustomResource(this, `${document}AtDeployment`, {
      resourceType: 'Custom::ProviderDocuments',
      serviceToken: refresh.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties,
    });
  }
}
