import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SigningKeyConfig, SigningKeyState } from '../config/deployment-config.ts';
import { buildSigningKeyAlias, buildSigningKeyDescription } from './key-record-aliases.ts';
import { buildSigningKeyPolicy } from './signing-key-policy.ts';

export interface SigningKeysProps {
  /** The deployment's name, for the keys' aliases. */
  readonly deployment: string;
  readonly keys: readonly SigningKeyConfig[];
  /**
   * The ARNs of the only roles that may schedule the keys' deletion, possibly none. With this the keys outlive the stack.
   * @default the keys are deleted with the stack, and the account's IAM policies decide who may delete them
   */
  readonly deletionRoles?: readonly string[];
}

/** A signing key of the config, and its resource. */
export interface SigningKeyResource {
  readonly name: string;
  readonly state: SigningKeyState;
  readonly key: Key;
}

/**
 * The RSA keys that sign request objects and client assertions. Private keys never leave KMS. A key's id is its `kid`: it
 * is unique for ever and known during the deployment.
 */
export class SigningKeys extends Construct {
  /** The key that signs. */
  readonly signing: Key;
  /** All keys, in the order of the config. */
  readonly all: readonly SigningKeyResource[];
  /**
   * The keys in the JWKS: the signing key first, then the others in the order of the config. Functions may sign with all
   * of them, so that a switch to the next key needs no new permission.
   */
  readonly published: readonly SigningKeyResource[];
  /** The path of the roles that may sign. The keys' policies allow signing to roles with this path, and no other role has it. */
  readonly rolePath: string;

  constructor(scope: Construct, id: string, props: SigningKeysProps) {
    super(scope, id);
    this.rolePath = `/one-login/${props.deployment}/signs/`;
    this.all = props.keys.map(({ name, state }) => ({ name, state, key: this.#key(name, state, props) }));
    const signing = this.all.find(({ state }) => state === 'sign');
    if (signing === undefined) throw new Error('The config has no signing key with the state "sign"');
    this.signing = signing.key;
    this.published = [signing, ...this.all.filter(({ state }) => state === 'publish')];
  }

  #key(name: string, state: SigningKeyState, { deployment, deletionRoles }: SigningKeysProps): Key {
    const { partition, account } = Stack.of(this);
    const signers = `arn:${partition}:iam::${account}:role${this.rolePath}*`;
    const key = new Key(this, name, {
      description: buildSigningKeyDescription(deployment),
      alias: buildSigningKeyAlias(deployment, name),
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      policy: buildSigningKeyPolicy({
        signers: state === 'retire' ? undefined : signers,
        deleters: deletionRoles ?? 'account',
      }),
      removalPolicy: deletionRoles === undefined ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    // A failed deployment can leave the key in no stack. By its tag you find it with any tool.
    Tags.of(key).add('one-login/deployment', deployment);
    return key;
  }
}
