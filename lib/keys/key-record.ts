import { Alias, type IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, type IDependable } from 'constructs';
import type { SigningKeyState } from '../config/deployment-config.ts';
import { buildKeyRecordAlias, buildOtherKeyAlias } from './key-record-aliases.ts';

export interface KeyRecordProps {
  /** The deployment's name. */
  readonly deployment: string;
  readonly keys: readonly { readonly name: string; readonly state: SigningKeyState; readonly key: IKey }[];
  /** The key that signs. */
  readonly signing: IKey;
  /** The kids of the keys of other systems. */
  readonly otherKids: readonly string[];
  /** The resources in which a key's state takes effect. CloudFormation updates them before the record. */
  readonly after: readonly IDependable[];
}

/**
 * Records since when each signing key has been in its state. An alias is created when a key enters a state and deleted
 * when the key leaves it, and KMS dates the aliases. `npm run keys` reads them, see
 * docs/decisions/0025-since-when-a-key-is-what-it-is.md.
 */
export class KeyRecord extends Construct {
  constructor(scope: Construct, id: string, { deployment, keys, signing, otherKids, after }: KeyRecordProps) {
    super(scope, id);
    for (const { name, state, key } of keys) {
      const facts = state === 'retire' ? [state] : [state, 'jwks' as const];
      for (const fact of facts) {
        const alias = new Alias(this, `${name}-${fact}`, {
          aliasName: buildKeyRecordAlias(deployment, name, fact),
          targetKey: key,
        });
        alias.node.addDependency(...after);
      }
    }
    for (const kid of otherKids) {
      const aliasName = buildOtherKeyAlias(deployment, kid);
      new Alias(this, aliasName.split('/').slice(-2).join('-'), {
        aliasName,
        // An alias needs a key of KMS, and any will do.
        targetKey: signing,
      }).node.addDependency(...after);
    }
  }
}
