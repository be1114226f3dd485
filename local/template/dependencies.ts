import { intrinsicName } from './intrinsics.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { substitutedNames } from './substitution.ts';
import { TemplateError } from './template-error.ts';

/**
 * The order in which resources can be created: each after all that it depends on, else as in the template.
 *
 * @throws TemplateError when resources depend on each other in a circle
 */
export function creationOrder(resources: JsonObject): string[] {
  const order: string[] = [];
  const visiting = new Set<string>();
  const visit = (logicalId: string) => {
    if (order.includes(logicalId)) return;
    if (visiting.has(logicalId)) throw new TemplateError({ logicalId, property: '' }, 'depends on itself');
    visiting.add(logicalId);
    for (const other of listDependencies(resources[logicalId])) {
      if (Object.hasOwn(resources, other)) visit(other);
    }
    order.push(logicalId);
  };
  Object.keys(resources).forEach(visit);
  return order;
}

/** What a resource names in DependsOn or refers to anywhere in its properties; parameters among it. */
function listDependencies(resource: Json | undefined): string[] {
  if (!isJsonObject(resource)) return [];
  const { DependsOn: dependsOn = [] } = resource;
  const named = (isJsonList(dependsOn) ? dependsOn : [dependsOn]).map(String);
  return [...named, ...referencesIn(resource['Properties'] ?? {})];
}

function referencesIn(value: Json): string[] {
  if (isJsonList(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  const inside = Object.values(value).flatMap(referencesIn);
  switch (intrinsicName(value)) {
    case 'Ref':
      return [String(value['Ref'])];
    case 'Fn::GetAtt': {
      const argument = value['Fn::GetAtt'];
      return isJsonList(argument) ? [String(argument[0])] : [];
    }
    case 'Fn::Sub': {
      const argument = value['Fn::Sub'];
      const template = isJsonList(argument) ? argument[0] : argument;
      return [...inside, ...substitutedNames(String(template)).map((name) => name.replace(/\..*$/, ''))];
    }
    default:
      return inside;
  }
}
