import { creationOrder } from './dependencies.ts';
import { isConditionTrue, type ResolutionScope } from './intrinsics.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { PropertyReader } from './property-reader.ts';
import { pseudoParameters, type StackIdentity } from './stack-identity.ts';
import { TemplateError } from './template-error.ts';
import { typesWithoutEffect } from './types-without-effect.ts';

/** A resource about to be created. */
export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: PropertyReader;
  readonly stack: StackIdentity;
}

/** What Ref and Fn::GetAtt give of a created resource. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Creates the local counterpart of a resource. Properties which it does not read end the start. */
export type ResourceHandler = (resource: ResourceRequest) => CreatedResource | Promise<CreatedResource>;

/** By resource type; `Custom::*` stands for every custom type. */
export type ResourceHandlers = Readonly<Record<string, ResourceHandler>>;

export interface StackOptions {
  readonly template: JsonObject;
  readonly stack: StackIdentity;
  readonly handlers: ResourceHandlers;
}

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
];
const resourceAttributes = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/**
 * Creates every resource of a template by the handler of its type, each after those that it depends on, as
 * CloudFormation would.
 *
 * @returns what was created, by logical id
 * @throws TemplateError for anything in the template that is not understood
 */
export async function createStack({
  template,
  stack,
  handlers,
}: StackOptions): Promise<Map<string, CreatedResource>> {
  const created = new Map<string, CreatedResource>();
  const scope = buildScope(template, stack, created);
  checkSections(template);
  const resources = readObject(template['Resources']);
  checkTypes(resources, handlers);
  for (const logicalId of creationOrder(resources)) {
    const resource = readObject(resources[logicalId]);
    if (!isWanted(logicalId, resource, scope)) continue;
    const type = String(resource['Type']);
    const properties = new PropertyReader(
      readObject(resource['Properties']),
      scope,
      `${logicalId} (${type})`,
    );
    const handler = handlerFor(type, handlers);
    if (handler) {
      created.set(logicalId, await handler({ logicalId, type, properties, stack }));
      properties.end();
    } else {
      created.set(logicalId, withoutEffect(logicalId, stack));
    }
  }
  return created;
}

/** A rule that the CDK adds to check the version of an account's bootstrapping: there is no account here. */
function checkSections(template: JsonObject): void {
  const unknown = Object.keys(template).find((section) => !sections.includes(section) && section !== 'Rules');
  const rule = Object.keys(readObject(template['Rules'])).find((name) => name !== 'CheckBootstrapVersion');
  const problem = 'the local environment does not understand it';
  if (unknown !== undefined) throw new TemplateError({ logicalId: unknown, property: '' }, problem);
  if (rule !== undefined) throw new TemplateError({ logicalId: 'Rules', property: rule }, problem);
}

/** All unknown types at once, before anything is created. */
function checkTypes(resources: JsonObject, handlers: ResourceHandlers): void {
  const unknown = Object.entries(resources).filter(([, resource]) => {
    const type = String(readObject(resource)['Type']);
    return !handlerFor(type, handlers) && !typesWithoutEffect.has(type);
  });
  if (unknown.length === 0) return;
  const names = unknown.map(
    ([logicalId, resource]) => `${logicalId} (${String(readObject(resource)['Type'])})`,
  );
  throw new TemplateError(
    { logicalId: names.join(', '), property: '' },
    'the local environment does not know this type of resource',
  );
}

function isWanted(logicalId: string, resource: JsonObject, scope: ResolutionScope): boolean {
  const unknown = Object.keys(resource).find((name) => !resourceAttributes.includes(name));
  if (unknown !== undefined) {
    throw new TemplateError({ logicalId, property: unknown }, 'the local environment does not understand it');
  }
  const condition = resource['Condition'];
  return (
    condition === undefined || isConditionTrue(String(condition), scope, { logicalId, property: 'Condition' })
  );
}

function handlerFor(type: string, handlers: ResourceHandlers): ResourceHandler | undefined {
  if (handlers[type] !== undefined || typesWithoutEffect.has(type)) return handlers[type];
  return type.startsWith('Custom::') ? handlers['Custom::*'] : undefined;
}

/** Enough for what has an effect to name what has none. */
function withoutEffect(logicalId: string, stack: StackIdentity): CreatedResource {
  return {
    ref: `${stack.name}-${logicalId}`,
    attributes: { Arn: `arn:${stack.partition}:local:${stack.region}:${stack.accountId}:${logicalId}` },
  };
}

function buildScope(
  template: JsonObject,
  stack: StackIdentity,
  created: ReadonlyMap<string, CreatedResource>,
): ResolutionScope {
  const parameters = readObject(template['Parameters']);
  const pseudo = pseudoParameters(stack);
  return {
    reference: (name) =>
      created.get(name)?.ref ?? pseudo[name] ?? parameterDefault(readObject(parameters[name])),
    attribute: (logicalId, name) => created.get(logicalId)?.attributes?.[name],
    condition: (name) => readObject(template['Conditions'])[name],
    mapping: (mapName) => readObject(readObject(template['Mappings'])[mapName]),
  };
}

/** A parameter that names an entry of the parameter store has no value here. */
function parameterDefault(parameter: JsonObject): Json | undefined {
  return String(parameter['Type']).startsWith('AWS::SSM::') ? undefined : parameter['Default'];
}

function readObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
