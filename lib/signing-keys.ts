import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SigningKeyConfig, SigningKeyState } from './config/deployment-config.ts';
import { signingKeyAlias } from './key-record-aliases.ts';

export interface SigningKeysProps {
  /** The deployment's name, which the keys' aliases hold. */
  readonly deployment: string;
  readonly keys: readonly SigningKeyConfig[];
  /** Whether the keys survive the stack. */
  readonly retain: boolean;
}

/** A signing key of the config. */
export interface DeployedKey {
  readonly name: string;
  readonly state: SigningKeyState;
  readonly key: Key;
}

/**
 * The RSA keys that sign request objects and client assertions. No private key ever leaves KMS. A key's id is its
 * `kid`: unique for ever, known when the stack is deployed.
 */
export class SigningKeys extends Construct {
  /** The key that signs. */
  readonly signing: Key;
  /** All of them, in the order of the config. */
  readonly all: readonly DeployedKey[];
  /**
   * The keys in the JWKS: the one that signs first, the others in the order of the config. All of them may be signed
   * with, so that a switch from one to the next waits for no permission to become known.
   */
  readonly published: readonly DeployedKey[];

  constructor(scope: Construct, id: string, props: SigningKeysProps) {
    super(scope, id);
    this.all = props.keys.map(({ name, state }) => ({ name, state, key: this.#key(name, props) }));
    const signing = this.all.find(({ state }) => state === 'sign');
    if (signing === undefined) throw new Error('the config was validated: one key signs');
    this.signing = signing.key;
    this.published = [signing, ...this.all.filter(({ state }) => state === 'publish')];
  }

  #key(name: string, { deployment, retain }: SigningKeysProps): Key {
    return new Key(this, name, {
      description: `Signs requests of one-login-${deployment} to GOV.UK One Login`,
      alias: signingKeyAlias(deployment, name),
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
