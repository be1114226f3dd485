import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notEmulated, type Resource, readKind } from './not-emulated.ts';

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A cloud assembly that the emulator can deploy. */
export interface Assembly {
  readonly directory: string;
  readonly resources: Readonly<Record<string, Resource>>;
  /** What was left out: how many of each kind. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export interface AdaptOptions {
  /** Text in the template → what takes its place, such as One Login's addresses. */
  readonly replacements: ReadonlyMap<string, string>;
  /** Whether to add a resource that fails when all custom resources are made. */
  readonly fails: boolean;
}

/** Moves a synthesised template to this machine, and leaves out what the emulator does not have. */
export async function adaptAssembly(
  directory: string,
  stackName: string,
  { replacements, fails }: AdaptOptions,
): Promise<Assembly> {
  const path = join(directory, `${stackName}.template.json`);
  const before = await readFile(path, 'utf8');
  const moved = [...replacements].reduce((text, [from, to]) => text.replaceAll(from, to), before);
  const template: Template = JSON.parse(moved);
  const all = Object.entries(template.Resources);
  const gone = new Map(
    all.flatMap(([id, resource]) => (readKind(resource) in notEmulated ? [[id, readKind(resource)]] : [])),
  );
  const kept = all
    .filter(([id]) => !gone.has(id))
    .map(([id, { DependsOn: needs = [], ...resource }]): [string, Resource] => {
      const left = [needs].flat().filter((other) => !gone.has(other));
      return [id, left.length === 0 ? resource : { ...resource, DependsOn: left }];
    });
  const resources = { ...Object.fromEntries(kept), ...(fails ? buildFailure(kept) : {}) };
  const after = JSON.stringify({ ...template, Resources: resources });
  await writeFile(path, after);
  // The CLI uploads a template under its hash, and skips one that is there already.
  for (const name of [`${stackName}.assets.json`, 'manifest.json']) {
    const file = join(directory, name);
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(hashText(before), hashText(after)));
  }
  const kinds = [...gone.values()];
  const leftOut = new Map(kinds.map((kind) => [kind, kinds.filter((other) => other === kind).length]));
  return { directory, resources, leftOut };
}

/** A resource that waits for a signal that is never sent. */
function buildFailure(resources: readonly [string, Resource][]): Readonly<Record<string, Resource>> {
  const needs = resources.filter(([, { Type }]) => Type.startsWith('Custom::')).map(([id]) => id);
  return {
    RehearsalHandle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    RehearsalFailure: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'RehearsalHandle' }, Timeout: '1' },
      DependsOn: needs,
    },
  };
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
