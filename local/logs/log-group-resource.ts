import { randomBytes } from 'node:crypto';
import type { ResourceHandler } from '../template/create-stack.ts';

/** A log group is a name here: lines go to standard output. */
export const logGroupHandlers: Readonly<Record<string, ResourceHandler>> = {
  'AWS::Logs::LogGroup': ({ logicalId, properties, stack }) => {
    properties.ignore(
      'DataProtectionPolicy',
      'DeletionProtectionEnabled',
      'FieldIndexPolicies',
      'KmsKeyId',
      'LogGroupClass',
      'ResourcePolicyDocument',
      'RetentionInDays',
      'Tags',
    );
    // As CloudFormation names what has no name.
    const generated = `${stack.name}-${logicalId}-${randomBytes(6).toString('hex')}`;
    const name = properties.optionalString('LogGroupName') ?? generated;
    const { partition, region, accountId } = stack;
    return {
      ref: name,
      attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` },
    };
  },
};
