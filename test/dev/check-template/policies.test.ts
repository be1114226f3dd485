import { describe, expect, it } from '@jest/globals';
import { listPolicies } from '../../../dev/check-template/policies.ts';

const document = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] });
const table = { Type: 'AWS::DynamoDB::Table' };

describe('listPolicies', () => {
  it('writes the ARNs that a policy of a role refers to', () => {
    const Policies = [
      {
        PolicyName: 'permissions',
        PolicyDocument: document({
          Action: 'dynamodb:GetItem',
          Resource: [
            { 'Fn::GetAtt': ['Table', 'Arn'] },
            { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::assets/*']] },
          ],
        }),
      },
    ];
    const role = { Type: 'AWS::IAM::Role', Properties: { Policies } };
    expect(listPolicies({ Resources: { Table: table, Role: role } } as never)).toEqual([
      {
        logicalId: 'Role',
        property: 'Policies.0.PolicyDocument',
        holder: 'role',
        document: document({
          Action: 'dynamodb:GetItem',
          Resource: ['arn:aws:dynamodb:eu-west-2:444455556666:table/Table', 'arn:aws:s3:::assets/*'],
        }),
      },
    ]);
  });

  it('gives a trust policy the role that it is about', () => {
    const statement = { Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document(statement) } };
    expect(listPolicies({ Resources: { Role: role } } as never)).toEqual([
      {
        logicalId: 'Role',
        property: 'AssumeRolePolicyDocument',
        holder: 'resource',
        document: document({ ...statement, Resource: 'arn:aws:iam::444455556666:role/Role' }),
      },
    ]);
  });

  it('lists the policy of a resource as it is', () => {
    const statement = { Action: 'kms:*', Resource: '*' };
    const key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(statement) } };
    expect(listPolicies({ Resources: { Key: key } } as never)).toEqual([
      { logicalId: 'Key', property: 'KeyPolicy', holder: 'resource', document: document(statement) },
    ]);
  });

  it('throws for a reference to a type without a known ARN, with its place', () => {
    const statement = { Action: 's3:GetObject', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } };
    const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: document(statement) } };
    const bucket = { Type: 'AWS::S3::Bucket' };
    expect(() => listPolicies({ Resources: { Policy: policy, Bucket: bucket } } as never)).toThrow(
      'Policy, property PolicyDocument',
    );
  });
});
