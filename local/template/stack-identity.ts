import { randomUUID } from 'node:crypto';

/** What a resource can refer to of its stack. */
export interface StackIdentity {
  readonly name: string;
  readonly id: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * The identity of a stack on this machine. A template for one account and region contains both as text.
 *
 * @param region @default London
 */
export function createStackIdentity(
  name: string,
  region = 'eu-west-2',
  accountId = '123456789012',
): StackIdentity {
  const partition = 'aws';
  const id = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`;
  return { name, id, partition, region, accountId };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters(stack: StackIdentity): Readonly<Record<string, string>> {
  return {
    'AWS::AccountId': stack.accountId,
    'AWS::Partition': stack.partition,
    'AWS::Region': stack.region,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}
