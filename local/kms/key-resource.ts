import type { AccessControl } from '../iam/access-control.ts';
import type { ResourceHandlers } from '../template/create-stack.ts';
import type { KeySpec } from './key-store.ts';

/** Creates keys and aliases: in the embedded KMS, or in another one. */
export interface KeyMaker {
  create(spec: KeySpec, description: string): Promise<{ readonly id: string; readonly arn: string }>;
  addAlias(alias: string, keyId: string): void | Promise<void>;
}

/** Creates the template's keys and aliases. */
export function keyResourceHandlers(maker: KeyMaker, access: AccessControl): ResourceHandlers {
  return {
    'AWS::KMS::Key': async ({ properties }) => {
      // No environment lives long enough for a rotation.
      properties.ignore('EnableKeyRotation');
      const spec = properties.oneOf('KeySpec', ['RSA_2048', 'SYMMETRIC_DEFAULT'], 'SYMMETRIC_DEFAULT');
      const usage = spec === 'RSA_2048' ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
      properties.oneOf('KeyUsage', [usage], 'ENCRYPT_DECRYPT');
      const { id, arn } = await maker.create(spec, properties.optionalString('Description') ?? '');
      access.protectKey(arn, properties.json('KeyPolicy') ?? null, (problem) =>
        properties.fail('KeyPolicy', problem),
      );
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },
    'AWS::KMS::Alias': async ({ properties }) => {
      const alias = properties.string('AliasName');
      await maker.addAlias(alias, properties.string('TargetKeyId'));
      return { ref: alias };
    },
  };
}
