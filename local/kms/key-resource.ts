import type { AccessControl } from '../iam/access-control.ts';
import type { ResourceHandlers } from '../template/create-stack.ts';
import type { KeySpec } from './key-store.ts';

/** Creates keys and aliases: in the embedded KMS, or in another one. */
export interface KeyMaker {
  create(spec: KeySpec, description: string): Promise<{ readonly id: string; readonly arn: string }>;
  addAlias(alias: string, keyId: string): void | Promise<void>;
}

/** Creates the template's keys and aliases, and keeps them when the stack is created again. */
export function keyResourceHandlers(maker: KeyMaker, access: AccessControl): ResourceHandlers {
  const keys = new Map<string, { readonly id: string; readonly arn: string }>();
  const aliases = new Map<string, string>();
  return {
    'AWS::KMS::Key': async ({ logicalId, properties }) => {
      // No environment lives long enough for a rotation.
      properties.ignore('EnableKeyRotation');
      // Nothing searches for keys by tag.
      properties.ignore('Tags');
      const spec = properties.oneOf('KeySpec', ['RSA_2048', 'SYMMETRIC_DEFAULT'], 'SYMMETRIC_DEFAULT');
      const usage = spec === 'RSA_2048' ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
      properties.oneOf('KeyUsage', [usage], 'ENCRYPT_DECRYPT');
      const description = properties.optionalString('Description') ?? '';
      const key = keys.get(logicalId) ?? (await maker.create(spec, description));
      keys.set(logicalId, key);
      const { id, arn } = key;
      await access.protectKey(arn, properties.json('KeyPolicy') ?? null, (problem) =>
        properties.fail('KeyPolicy', problem),
      );
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },
    'AWS::KMS::Alias': async ({ properties }) => {
      const alias = properties.string('AliasName');
      const target = properties.string('TargetKeyId');
      if (aliases.get(alias) !== target) await maker.addAlias(alias, target);
      aliases.set(alias, target);
      return { ref: alias };
    },
  };
}
