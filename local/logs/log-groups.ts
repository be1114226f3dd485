import { randomBytes } from 'node:crypto';
import type { ResourceHandlers } from '../template/create-stack.ts';

/** A log group is only a name here: lines go to standard output. */
export const logGroupHandlers: ResourceHandlers = {
  'AWS::Logs::LogGroup': ({ logicalId, properties, stack }) => {
    properties.ignore('KmsKeyId', 'RetentionInDays');
    const generated = `${stack.name}-${logicalId}-${randomBytes(6).toString('hex')}`;
    const name = properties.optionalString('LogGroupName') ?? generated;
    const { partition, region, accountId } = stack;
    return {
      ref: name,
      attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` },
    };
  },
};
