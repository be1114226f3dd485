import { randomUUID } from 'node:crypto';
import type { Json } from './json.ts';

/** The stack as its resources see it. */
export interface StackIdentity {
  readonly name: string;
  readonly id: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * A stack of no real account.
 *
 * @param region @default London
 */
export function createStackIdentity(name: string, region = 'eu-west-2'): StackIdentity {
  const [partition, accountId] = ['aws', '123456789012'];
  const id = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`;
  return { name, id, partition, region, accountId };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters(stack: StackIdentity): Readonly<Record<string, Json>> {
  return {
    'AWS::AccountId': stack.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': stack.partition,
    'AWS::Region': stack.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}
