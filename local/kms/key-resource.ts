import type { ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { NewKey } from './key-store.ts';

/** Whatever makes keys: the embedded KMS, or one elsewhere. */
export interface KeyMaker {
  createKey(key: NewKey): Promise<{ readonly id: string; readonly arn: string }>;
  createAlias(alias: string, keyId: string): Promise<void>;
}

/** Creates the template's keys and aliases. */
export function keyResourceHandlers(maker: KeyMaker): Readonly<Record<string, ResourceHandler>> {
  return {
    'AWS::KMS::Key': async (resource) => {
      const { id, arn } = await maker.createKey(readKey(resource));
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },
    'AWS::KMS::Alias': async ({ properties }) => {
      const alias = properties.string('AliasName');
      await maker.createAlias(alias, properties.string('TargetKeyId'));
      return { ref: alias };
    },
  };
}

/** Key policies aren't enforced, and no environment lives long enough for rotation or deletion. */
function readKey({ properties }: ResourceRequest): NewKey {
  properties.noLocalEffect(
    'BypassPolicyLockoutSafetyCheck',
    'EnableKeyRotation',
    'KeyPolicy',
    'PendingWindowInDays',
    'RotationPeriodInDays',
    'Tags',
  );
  const specs = ['SYMMETRIC_DEFAULT', 'RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
  return {
    spec: properties.oneOf('KeySpec', specs, 'SYMMETRIC_DEFAULT'),
    usage: properties.oneOf('KeyUsage', ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'], 'ENCRYPT_DECRYPT'),
    description: properties.optionalString('Description') ?? '',
    state: (properties.optionalBoolean('Enabled') ?? true) ? 'Enabled' : 'Disabled',
  };
}
