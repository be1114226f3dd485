import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface OriginSecretsProps {
  /** The deployment's name. */
  readonly deployment: string;
  /** The name of each secret, in the order of the config. */
  readonly names: readonly string[];
}

/**
 * What CloudFront proves by that a request comes from it. Secrets Manager makes the values: they are in no file and no
 * template.
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
      // Letters and digits, which every tool takes as a header's value.
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
