import { isJsonObject, type Json, type JsonObject } from '../../local/template/json.ts';
import { differences, type PhysicalIds } from './differences.ts';
import { expectations, objectsIn } from './expectations.ts';
import { typesNotEmulated } from './not-emulated.ts';
import type { Observation } from './observation.ts';

/** What was deployed, and what exists of it. */
export interface DeployedStack {
  readonly name: string;
  /** The template that the CLI deployed. */
  readonly template: JsonObject;
  readonly observed: Observation;
}

/** Everything that is not as the template says: each of its resources exists, with its settings, and each output. */
export function checkStack(deployed: DeployedStack): readonly string[] {
  const stack = findStack(deployed);
  if (stack === undefined) return [`there is no stack ${deployed.name}`];
  const ids = readPhysicalIds(deployed);
  return [
    ...listResources(deployed.template).flatMap((resource) => checkResource(deployed, ids, resource)),
    ...Object.entries(readPart(deployed.template, 'Outputs')).flatMap(([name, output]) => {
      const found = objectsIn(stack['Outputs']).find(({ OutputKey }) => OutputKey === name);
      if (!isJsonObject(output)) return [];
      const { Value: value = '', Description: description = '' } = output;
      return differences({ OutputValue: value, Description: description }, found, ids, `output ${name}`);
    }),
  ];
}

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly kept: boolean;
}

function checkResource(
  { observed }: DeployedStack,
  ids: PhysicalIds,
  { logicalId, type, properties }: Resource,
): readonly string[] {
  const id = ids.get(logicalId);
  if (id === undefined) {
    if (type in typesNotEmulated) return [];
    return [
      `${type} ${logicalId}: the emulator made none, and bin/rehearse/not-emulated.ts says nothing of it`,
    ];
  }
  const expectation = expectations[type];
  if (expectation === undefined) return [];
  const findId = (reference: Json | undefined) =>
    isJsonObject(reference) ? (ids.get(String(reference['Ref'])) ?? '') : String(reference);
  const found = expectation.find(observed, id, properties, findId);
  if (found === undefined) return [`${type} ${logicalId}: does not exist as ${id}`];
  return differences(expectation.expected(properties), found, ids).map(
    (difference) => `${type} ${logicalId}: ${difference}`,
  );
}

/** The resources that outlive the stack: with the policy to be retained. */
export function listKeptResources(deployed: DeployedStack): readonly string[] {
  const ids = readPhysicalIds(deployed);
  return listResources(deployed.template).flatMap(({ logicalId, kept }) =>
    kept ? (ids.get(logicalId) ?? []) : [],
  );
}

export function readPhysicalIds(deployed: DeployedStack): PhysicalIds {
  return new Map(
    objectsIn(findStack(deployed)?.['Resources']).map(({ LogicalResourceId, PhysicalResourceId }) => [
      String(LogicalResourceId),
      String(PhysicalResourceId),
    ]),
  );
}

export function listResources(template: JsonObject): readonly Resource[] {
  return Object.entries(readPart(template, 'Resources')).flatMap(([logicalId, resource]) => {
    if (!isJsonObject(resource)) return [];
    const { Type: type, Properties: properties, DeletionPolicy: policy } = resource;
    return {
      logicalId,
      type: String(type),
      properties: isJsonObject(properties) ? properties : {},
      kept: policy === 'Retain' || policy === 'RetainExceptOnCreate',
    };
  });
}

function findStack({ name, observed }: DeployedStack): JsonObject | undefined {
  return observed.stacks.find(({ StackName }) => StackName === name);
}

function readPart(template: JsonObject, name: string): JsonObject {
  const part = template[name];
  return isJsonObject(part) ? part : {};
}
