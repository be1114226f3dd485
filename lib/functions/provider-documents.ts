import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ProviderEndpoints } from '../config/deployment-config.ts';

export interface ProviderDocumentsProps {
  readonly provider: ProviderEndpoints;
  /** Fetches discovery and JWKS when they are due; answers CloudFormation as well. */
  readonly refreshJwks: IFunction;
  /** The same for the DID document; undefined when no identities are proved. */
  readonly refreshDid: IFunction | undefined;
}

/**
 * Keeps the copies of One Login's documents fresh: a look every five minutes, and a fetch right after the first
 * deployment and after any that changes the provider, since nobody can sign in without them. A deployment with
 * addresses that lead nowhere fails.
 */
export class ProviderDocuments extends Construct {
  constructor(scope: Construct, id: string, { provider, refreshJwks, refreshDid }: ProviderDocumentsProps) {
    super(scope, id);
    const { issuer, discoveryUrl, didId, didUrl } = provider;
    this.#keepFresh('Jwks', refreshJwks, { Issuer: issuer, DiscoveryUrl: discoveryUrl });
    if (refreshDid !== undefined) {
      this.#keepFresh('Did', refreshDid, { Did: didId, DidDocumentUrl: didUrl });
    }
  }

  /** @param properties CloudFormation calls the function again when one of them changes */
  #keepFresh(document: string, refresh: IFunction, properties: Readonly<Record<string, string>>): void {
    new Rule(this, `${document}Schedule`, {
      description: 'Fetches what GOV.UK One Login publishes, when it is due',
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
