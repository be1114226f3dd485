import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../start-error.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** The cloud assembly of one stack, as the CDK writes it. */
export interface Assembly {
  readonly stackName: string;
  /** The account and the region of the stack, if the config has them. */
  readonly accountId?: string;
  readonly region?: string;
  readonly template: JsonObject;
  /** The folder or file of an asset by the key under which it would be uploaded; undefined when there is none. */
  assetPath(objectKey: string): string | undefined;
}

/**
 * Reads the one stack of a cloud assembly: its template and its assets.
 *
 * @param directory what `cdk synth` writes to
 * @throws StartError unless there is exactly one stack
 */
export async function readAssembly(directory: string): Promise<Assembly> {
  const artifacts = Object.entries(
    objectAt(await readJson(path.join(directory, 'manifest.json')), 'artifacts'),
  );
  const ofType = (type: string) =>
    artifacts.filter(([, artifact]) => isJsonObject(artifact) && artifact['type'] === type);
  const stacks = ofType('aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new StartError(`${directory} has ${stacks.length} stacks; the local environment runs exactly one`);
  }
  const properties = objectAt(stack[1], 'properties');
  const assets = await Promise.all(
    ofType('cdk:asset-manifest').map(([, artifact]) => readAssets(directory, artifact)),
  );
  const paths = new Map(assets.flat());
  const [, accountId, region] =
    /^aws:\/\/([^/]+)\/(.+)$/.exec(String(asObject(stack[1])['environment'])) ?? [];
  return {
    ...(accountId === undefined || accountId === 'unknown-account' ? {} : { accountId }),
    ...(region === undefined || region === 'unknown-region' ? {} : { region }),
    stackName: String(properties['stackName'] ?? stack[0]),
    template: asObject(await readJson(path.join(directory, String(properties['templateFile'])))),
    assetPath: (objectKey) => paths.get(objectKey),
  };
}

async function readAssets(directory: string, artifact: Json): Promise<[string, string][]> {
  const manifestFile = path.join(directory, String(objectAt(artifact, 'properties')['file']));
  const files = Object.values(objectAt(await readJson(manifestFile), 'files'));
  return files.flatMap((file) => {
    const source = path.resolve(directory, String(objectAt(file, 'source')['path']));
    const destinations = Object.values(objectAt(file, 'destinations'));
    return destinations.map((destination): [string, string] => [
      String(asObject(destination)['objectKey']),
      source,
    ]);
  });
}

async function readJson(file: string): Promise<Json> {
  return JSON.parse(await readFile(file, 'utf8'));
}

function objectAt(value: Json, name: string): JsonObject {
  return asObject(asObject(value)[name] ?? {});
}

function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}
