import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SigningKeyConfig, SigningKeyState } from '../config/deployment-config.ts';
import { signingKeyAlias } from './key-record-aliases.ts';
import { signingKeyPolicy } from './signing-key-policy.ts';

export interface SigningKeysProps {
  /** The deployment's name, which the keys' aliases hold. */
  readonly deployment: string;
  readonly keys: readonly SigningKeyConfig[];
  /**
   * Has the keys survive the stack: the ARNs of the roles that alone may schedule their deletion, which can be none.
   * @default the keys go with the stack, and whoever IAM lets may delete them
   */
  readonly keptFor?: readonly string[];
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
  /** The path of the roles that may sign, and of no others: the keys' policies know them by it. */
  readonly rolePath: string;

  constructor(scope: Construct, id: string, props: SigningKeysProps) {
    super(scope, id);
    this.rolePath = `/one-login/${props.deployment}/signs/`;
    this.all = props.keys.map(({ name, state }) => ({ name, state, key: this.#key(name, state, props) }));
    const signing = this.all.find(({ state }) => state === 'sign');
    if (signing === undefined) throw new Error('the config was validated: one key signs');
    this.signing = signing.key;
    this.published = [signing, ...this.all.filter(({ state }) => state === 'publish')];
  }

  #key(name: string, state: SigningKeyState, { deployment, keptFor }: SigningKeysProps): Key {
    const { partition, account } = Stack.of(this);
    const signers = `arn:${partition}:iam::${account}:role${this.rolePath}*`;
    return new Key(this, name, {
      description: `Signs requests of one-login-${deployment} to GOV.UK One Login`,
      alias: signingKeyAlias(deployment, name),
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      policy: signingKeyPolicy({
        signers: state === 'retire' ? undefined : signers,
        deletion: keptFor ?? 'account',
      }),
      removalPolicy: keptFor === undefined ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}
