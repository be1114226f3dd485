import type { AccessControl } from '../iam/access-control.ts';
import type { ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { NewKey } from './key-store.ts';

/** Whatever makes keys: the embedded KMS, or one elsewhere. */
export interface KeyMaker {
  createKey(key: NewKey): Promise<{ readonly id: string; readonly arn: string }>;
  createAlias(alias: string, keyId: string): Promise<void>;
}

/** Creates the template's keys and aliases. */
export function keyResourceHandlers(
  maker: KeyMaker,
  access: AccessControl,
): Readonly<Record<string, ResourceHandler>> {
  return {
    'AWS::KMS::Key': async (resource) => {
      const { id, arn } = await maker.createKey(readKey(resource));
      const { properties } = resource;
      access.protectKey(arn, properties.json('KeyPolicy'), (problem) =>
        properties.fail('KeyPolicy', problem),
      );
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },
    'AWS::KMS::Alias': async ({ properties }) => {
      const alias = properties.string('AliasName');
      await maker.createAlias(alias, properties.string('TargetKeyId'));
      return { ref: alias };
    },
  };
}

/** No environment lives long enough for rotation or deletion. */
function readKey({ properties }: ResourceRequest): NewKey {
  properties.ignore(
    'BypassPolicyLockoutSafetyCheck',
    'EnableKeyRotation',
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
