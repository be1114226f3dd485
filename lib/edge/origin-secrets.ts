import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/**
 * The headers that CloudFront adds to requests for the API, see docs/behind-cloudfront.md. CloudFront replaces headers of
 * these names that a browser sends. A client that calls the API directly does not have the secret.
 */
export const originHeaders = {
  /** Contains one of the origin secrets. */
  secret: 'x-origin-verify',
  /** Contains only the address of CloudFront's client. */
  viewerAddress: 'true-client-ip',
} as const;

export interface OriginSecretsProps {
  /** The deployment's name. */
  readonly deployment: string;
  /** The name of each secret, in the order of the config. */
  readonly names: readonly string[];
}

/**
 * The secrets with which CloudFront proves that a request comes from it. Secrets Manager generates the values, so that no
 * file and no template contains them.
 */
export class OriginSecrets extends Construct {
  /** Name → secret, in the order of the config. */
  readonly secrets: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, { deployment, names }: OriginSecretsProps) {
    super(scope, id);
    this.secrets = new Map(names.map((name) => [name, this.#secret(name, deployment)]));
  }

  #secret(name: string, deployment: string): Secret {
    return new Secret(this, name, {
      description: `What CloudFront sends to one-login-${deployment} as X-Origin-Verify: ${name}`,
      // Every tool accepts letters and digits in a header.
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
