import { TemplateError } from '../start-error.ts';
import { intrinsicName, type ResolutionScope } from './intrinsics.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { PropertyReader } from './property-reader.ts';
import { pseudoParameters, type StackIdentity } from './stack-identity.ts';
import { typesWithoutEffect } from './types-without-effect.ts';

/** A resource about to be created. */
export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: PropertyReader;
  readonly stack: StackIdentity;
}

/** The values of Ref and Fn::GetAtt for a created resource. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Creates the local counterpart of a resource. Properties that it does not read end the start. */
export type ResourceHandler = (resource: ResourceRequest) => CreatedResource | Promise<CreatedResource>;

/** By resource type; `Custom::*` is for every custom type. */
export type ResourceHandlers = Readonly<Record<string, ResourceHandler>>;

export interface StackOptions {
  readonly template: JsonObject;
  readonly stack: StackIdentity;
  readonly handlers: ResourceHandlers;
}

/** Only the resources have an effect. Parameters have no value here: only the CDK's own is in a template. */
const sections = ['Description', 'Outputs', 'Parameters', 'Resources', 'Rules'];
const resourceAttributes = [
  'Type',
  'Properties',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];
const notUnderstood = 'the local environment does not understand it';

/**
 * Creates every resource of a template by the handler of its type, each after those that it depends on, as
 * CloudFormation does.
 *
 * @returns the created resources by logical id
 * @throws TemplateError for anything in the template that is not understood
 */
export async function createStack(options: StackOptions): Promise<Map<string, CreatedResource>> {
  const { template, stack, handlers } = options;
  const created = new Map<string, CreatedResource>();
  const pseudo = pseudoParameters(stack);
  const scope: ResolutionScope = {
    reference: (name) => created.get(name)?.ref ?? pseudo[name],
    attribute: (logicalId, name) => created.get(logicalId)?.attributes?.[name],
  };
  const resources = readObject(template['Resources']);
  checkTemplate(template, resources, handlers);
  for (const logicalId of creationOrder(resources)) {
    const resource = readObject(resources[logicalId]);
    const type = String(resource['Type']);
    const handler = findHandler(type, handlers);
    if (handler) {
      const location = `${logicalId} (${type})`;
      const properties = new PropertyReader(readObject(resource['Properties']), scope, location);
      created.set(logicalId, await handler({ logicalId, type, properties, stack }));
      properties.end();
    } else {
      created.set(logicalId, withoutEffect(logicalId, stack));
    }
  }
  return created;
}

/** Finds everything that is not understood outside properties, before anything is created. */
function checkTemplate(template: JsonObject, resources: JsonObject, handlers: ResourceHandlers): void {
  const refuseOthers = (logicalId: string, object: JsonObject, known: readonly string[]) => {
    const property = Object.keys(object).find((name) => !known.includes(name));
    if (property !== undefined) throw new TemplateError({ logicalId, property }, notUnderstood);
  };
  const section = Object.keys(template).find((name) => !sections.includes(name));
  if (section !== undefined) throw new TemplateError({ logicalId: section, property: '' }, notUnderstood);
  // The CDK's rule checks how the account was bootstrapped: there is no account here.
  refuseOthers('Rules', readObject(template['Rules']), ['CheckBootstrapVersion']);
  const unknown = Object.entries(resources).flatMap(([logicalId, resource]) => {
    refuseOthers(logicalId, readObject(resource), resourceAttributes);
    const type = String(readObject(resource)['Type']);
    return findHandler(type, handlers) || typesWithoutEffect.has(type) ? [] : [`${logicalId} (${type})`];
  });
  if (unknown.length === 0) return;
  throw new TemplateError(
    { logicalId: unknown.join(', '), property: '' },
    'the local environment does not support this type of resource',
  );
}

function findHandler(type: string, handlers: ResourceHandlers): ResourceHandler | undefined {
  if (handlers[type] !== undefined || typesWithoutEffect.has(type)) return handlers[type];
  return type.startsWith('Custom::') ? handlers['Custom::*'] : undefined;
}

/** Enough for other resources to refer to it. */
function withoutEffect(logicalId: string, stack: StackIdentity): CreatedResource {
  return {
    ref: `${stack.name}-${logicalId}`,
    attributes: { Arn: `arn:${stack.partition}:local:${stack.region}:${stack.accountId}:${logicalId}` },
  };
}

/**
 * The order in which resources can be created: each after all that it depends on, otherwise as in the template.
 *
 * @throws TemplateError when resources depend on each other in a circle
 */
function creationOrder(resources: JsonObject): string[] {
  const order: string[] = [];
  const visiting = new Set<string>();
  const visit = (logicalId: string) => {
    if (order.includes(logicalId)) return;
    if (visiting.has(logicalId)) throw new TemplateError({ logicalId, property: '' }, 'depends on itself');
    visiting.add(logicalId);
    const { DependsOn: named = [], Properties: properties = {} } = readObject(resources[logicalId]);
    for (const other of [...[named].flat().map(String), ...listReferences(properties)]) {
      if (Object.hasOwn(resources, other)) visit(other);
    }
    order.push(logicalId);
  };
  Object.keys(resources).forEach(visit);
  return order;
}

/** The names that Ref and Fn::GetAtt refer to anywhere in a value. */
function listReferences(value: Json): string[] {
  if (isJsonList(value)) return value.flatMap(listReferences);
  if (!isJsonObject(value)) return [];
  const { Ref: name, 'Fn::GetAtt': attribute } = value;
  switch (intrinsicName(value)) {
    case 'Ref':
      return [String(name)];
    case 'Fn::GetAtt':
      return isJsonList(attribute) ? [String(attribute[0])] : [];
    default:
      return Object.values(value).flatMap(listReferences);
  }
}

function readObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
