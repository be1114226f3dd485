import { resolveIntrinsics } from '../../local/template/intrinsics.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../local/template/json.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: JsonObject }>>;
}

/** A policy document of a template, as AWS would see it. */
export interface Policy {
  readonly logicalId: string;
  /** The property of the resource, such as `Policies.0.PolicyDocument`. */
  readonly property: string;
  readonly document: JsonObject;
  /** Who has it: a role that may do something, or the resource that it is done to. A trust policy is of the second kind. */
  readonly holder: 'role' | 'resource';
}

/** An account and a region for ARNs. They stand for those of the deployment. */
const account = '444455556666';
const region = 'eu-west-2';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Resource type → its ARN, without the beginning that all ARNs share. */
const arns: Readonly<Record<string, (id: string) => string>> = {
  'AWS::DynamoDB::Table': (id) => `dynamodb:${region}:${account}:table/${id}`,
  'AWS::Events::Rule': (id) => `events:${region}:${account}:rule/${id}`,
  'AWS::IAM::Role': (id) => `iam::${account}:role/${id}`,
  'AWS::KMS::Key': (id) => `kms:${region}:${account}:key/${id}`,
  'AWS::Lambda::Function': (id) => `lambda:${region}:${account}:function:${id}`,
  'AWS::Logs::LogGroup': (id) => `logs:${region}:${account}:log-group:${id}:*`,
  'AWS::SNS::Topic': (id) => `sns:${region}:${account}:${id}`,
  'AWS::SQS::Queue': (id) => `sqs:${region}:${account}:${id}`,
};

/** Their `Ref` is their ARN. */
const referredByArn = ['AWS::SNS::Topic'];

/**
 * Lists all policy documents of a template, with made-up ARNs for its resources.
 *
 * A trust policy has no resource. It gets its role, since parliament reads every document as if it were the policy of a role.
 *
 * @throws TemplateError if a policy refers to a type of resource that has no ARN here
 */
export function listPolicies({ Resources: resources }: Template): readonly Policy[] {
  const buildArn = (logicalId: string) => {
    const build = arns[resources[logicalId]?.Type ?? ''];
    return build === undefined ? undefined : `arn:aws:${build(logicalId)}`;
  };
  const scope = {
    reference: (name: string) =>
      pseudoParameters[name] ??
      (referredByArn.includes(resources[name]?.Type ?? '') ? buildArn(name) : resources[name] && name),
    attribute: (logicalId: string, name: string) => (name === 'Arn' ? buildArn(logicalId) : undefined),
  };
  return Object.entries(resources).flatMap(([logicalId, { Type, Properties = {} }]) =>
    listDocuments(Properties).map(({ property, document }): Policy => {
      const at = { logicalId, property };
      const resolved = resolveIntrinsics(document, scope, at) as JsonObject;
      return property === 'AssumeRolePolicyDocument'
        ? { ...at, holder: 'resource', document: addResource(resolved, buildArn(logicalId) ?? '') }
        : { ...at, holder: Type.startsWith('AWS::IAM::') ? 'role' : 'resource', document: resolved };
    }),
  );
}

/** Lists the objects with statements of a version, which is what a policy document is. */
function listDocuments(value: Json, property = ''): readonly Pick<Policy, 'property' | 'document'>[] {
  if (!isJsonList(value) && !isJsonObject(value)) return [];
  if (isJsonObject(value) && isJsonList(value['Statement'])) return [{ property, document: value }];
  return Object.entries(value).flatMap(([key, item]) =>
    listDocuments(item, property === '' ? key : `${property}.${key}`),
  );
}

function addResource(document: JsonObject, arn: string): JsonObject {
  const statements = document['Statement'] as readonly JsonObject[];
  return { ...document, Statement: statements.map((statement) => ({ ...statement, Resource: arn })) };
}
